import type { Manifest, Monitoring } from '../../core/manifest/manifest.js';
import { performanceLoss } from './performance-loss.js';
import type { Performance, PerformanceVerdict } from './window-performance.js';

/** Part by which a model may do worse than at registration where the manifest says nothing. */
const DEFAULT_LOSS = 0.1;
/** A window with fewer usable outcomes says nothing: the intervals of a handful are not to be relied on. */
export const LEAST_OUTCOMES = 30;

/** The loss from which people are told and a model is trained anew, as a part of the performance at registration. */
export function allowedLoss({ monitoring }: { monitoring: Pick<Monitoring, 'performanceLoss'> }): number {
  return monitoring.performanceLoss ?? DEFAULT_LOSS;
}

/**
 * What the outcomes of a window say: `drop` where the whole 95 % interval of the loss is beyond what the manifest allows, `ok`
 * where the whole of it is within. Where it holds both, the loss itself decides between `warning` and `ok`, once the window has
 * as many outcomes as windows of the version come to have; one whose outcomes are still to come says nothing before, or the
 * first few of them would overrule older windows that are sure. `insufficient-data` then, below `LEAST_OUTCOMES` of them, and
 * where the loss or its interval is not known.
 * @param reference  how the version did at registration; null where that is not known
 * @param realised  of the window, by outcomes
 * @param isComplete  most outcomes that are to be expected have come
 */
export function judgeLoss(
  manifest: Pick<Manifest, 'monitoring' | 'retraining'>,
  reference: Performance | null,
  realised: Performance | null,
  isComplete: boolean,
): PerformanceVerdict {
  if ((realised?.rows ?? 0) < LEAST_OUTCOMES) return 'insufficient-data';
  const loss = performanceLoss(manifest.retraining.metric, reference, realised);
  if (!loss || loss.atLeast === null || loss.atMost === null) return 'insufficient-data';
  const allowed = allowedLoss(manifest);
  if (loss.atLeast > allowed) return 'drop';
  if (loss.atMost <= allowed) return 'ok';
  if (!isComplete) return 'insufficient-data';
  return loss.value > allowed ? 'warning' : 'ok';
}
