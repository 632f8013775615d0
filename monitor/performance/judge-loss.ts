import type { Manifest } from '../../core/manifest/manifest.js';
import { performanceLoss } from './performance-loss.js';
import type { Performance, PerformanceVerdict } from './window-performance.js';

/** Part by which a model may do worse than at registration where the manifest says nothing. */
const DEFAULT_LOSS = 0.1;
/** A window with fewer usable outcomes says nothing: the intervals of a handful are not to be relied on. */
export const LEAST_OUTCOMES = 30;

/** The loss from which people are told and a model is trained anew, as a part of the performance at registration. */
export function allowedLoss({ monitoring }: Pick<Manifest, 'monitoring'>): number {
  return monitoring.performanceLoss ?? DEFAULT_LOSS;
}

/**
 * What the outcomes of a window say: `drop` where the whole 95 % interval of the loss is beyond what the manifest allows,
 * `warning` where the loss is and its interval reaches back, else `ok`; `insufficient-data` below `LEAST_OUTCOMES` of them,
 * and where the loss or its interval is not known.
 * @param reference  how the version did at registration; null where that is not known
 * @param realised  of the window, by outcomes
 */
export function judgeLoss(
  manifest: Pick<Manifest, 'monitoring' | 'retraining'>,
  reference: Performance | null,
  realised: Performance | null,
): PerformanceVerdict {
  if ((realised?.rows ?? 0) < LEAST_OUTCOMES) return 'insufficient-data';
  const loss = performanceLoss(manifest.retraining.metric, reference, realised);
  if (!loss || loss.atLeast === null) return 'insufficient-data';
  const allowed = allowedLoss(manifest);
  if (loss.atLeast > allowed) return 'drop';
  return loss.value > allowed ? 'warning' : 'ok';
}
