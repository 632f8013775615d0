import { DELAY_BINS, sumsLayout } from '../../core/performance/layout.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { checkCalibration } from './calibration-check.js';
import { classMetrics } from './class-metrics.js';
import { delayQuantiles } from './delay-quantiles.js';
import { expectedOfLabelled } from './expected-of-labelled.js';
import { expectedValues } from './expected-values.js';
import { labelShift } from './label-shift.js';
import { performanceLoss } from './performance-loss.js';
import type { loadSums } from './stored-sums.js';
import { valueMetrics } from './value-metrics.js';
import type { Performance, WindowPerformance } from './window-performance.js';

type Sums = NonNullable<Awaited<ReturnType<typeof loadSums>>>;

/** What sums of the served and of the labelled rows of a window say; either is undefined without rows. */
export function windowPerformance(
  version: Pick<ModelVersion, 'manifest' | 'referencePerformance'>,
  served: Sums | undefined,
  labelled: Sums | undefined,
): WindowPerformance {
  const { manifest, referencePerformance: frozen } = version;
  if (!frozen) return NOTHING_KNOWN;
  const classes = labelled?.layout.classes;
  const estimated = served ? estimatedOf(version, served) : null;
  return {
    realised: labelled ? realisedOf(version, labelled) : null,
    estimated,
    estimatedLoss: performanceLoss(manifest.retraining.metric, referencePerformanceOf(version), estimated) ?? null,
    estimatedOfLabelled: labelled ? expectedOfLabelled(version, labelled.layout, labelled.sums) : null,
    calibration: labelled && classes ? checkCalibration(classes, labelled.sums) : null,
    labelShift: labelled ? labelShift(manifest, frozen, labelled.layout, labelled.sums) : null,
    delaySeconds: labelled
      ? delayQuantiles(labelled.sums.subarray(labelled.layout.delays, labelled.layout.delays + DELAY_BINS))
      : null,
    unusableOutcomes: labelled?.sums[labelled.layout.unusable] ?? 0,
  };
}

const NOTHING_KNOWN: WindowPerformance = {
  realised: null,
  estimated: null,
  estimatedLoss: null,
  estimatedOfLabelled: null,
  calibration: null,
  labelShift: null,
  delaySeconds: null,
  unusableOutcomes: 0,
};

function realisedOf(
  { manifest, referencePerformance }: Pick<ModelVersion, 'manifest' | 'referencePerformance'>,
  { layout, sums }: Sums,
): Performance | null {
  if (layout.classes) return classMetrics(manifest, layout.classes, sums);
  return valueMetrics(referencePerformance!, layout.values!, sums);
}

/** The estimate rests on the window's rows and on the reference's: together they are worth n N / (n + N) rows. */
function estimatedOf(
  { manifest, referencePerformance }: Pick<ModelVersion, 'manifest' | 'referencePerformance'>,
  { layout, sums }: Sums,
): Performance | null {
  const frozen = referencePerformance!;
  const evidence = frozen.rows / (frozen.rows + sums[layout.rows]!);
  if (layout.classes) return classMetrics(manifest, layout.classes, sums, evidence);
  return expectedValues(frozen, layout.values!, sums, evidence);
}

/** How a version did on the rows it was frozen with; null for one registered without. */
export function referencePerformanceOf(
  version: Pick<ModelVersion, 'manifest' | 'referencePerformance'>,
): WindowPerformance['realised'] {
  const { manifest, referencePerformance: frozen } = version;
  return frozen
    ? realisedOf(version, { layout: sumsLayout(manifest, frozen), sums: Float64Array.from(frozen.sums) })
    : null;
}
