import type { Manifest } from '../manifest/manifest.js';
import type { ReferencePerformance } from './reference-performance.js';

/** Bins of the delay between a prediction and its outcome; bin i ends at 2^((i + 1) / 2) seconds, the last has no end. */
export const DELAY_BINS = 56;
/** Bins of equal width of the confidence in the answered class. */
export const CONFIDENCE_BINS = 10;
/** Beyond this many classes no confusion matrix is kept, only its diagonal and margins. */
const MOST_CONFUSED_CLASSES = 50;

/** Sums of a regression's errors z = (prediction - actual) / scale and centred actuals u = (actual - mean) / scale. */
export const MOMENTS = [
  'absoluteError',
  'error',
  'error2',
  'error4',
  'error2Actual',
  'error2Actual2',
  'actual',
  'actual2',
  'actual3',
  'actual4',
  'relativeRows',
  'relativeError',
  'relativeError2',
] as const;
export type Moment = (typeof MOMENTS)[number];

/** Where the sums of a version's performance stand in an array of `length` slots. A field is the first slot of its block. */
export interface SumsLayout {
  length: number;
  /** Rows; of those with an outcome, `unusable` are no class or no number and are in no other slot. */
  rows: number;
  unusable: number;
  /** `DELAY_BINS` slots, labelled rows only. */
  delays: number;
  classes: ClassLayout | null;
  values: ValueLayout | null;
}

/** Slots of a classification with k classes. */
export interface ClassLayout {
  count: number;
  /** k slots each: rows that are and were answered as the class, that were answered as it, and that are it. */
  right: number;
  answered: number;
  actual: number;
  /** k * k slots, actual by answered; null with many classes. */
  confusion: number | null;
  /** Rows with probabilities, and sums and sums of squares over them. */
  scored: number;
  logLoss: number;
  logLoss2: number;
  brier: number;
  brier2: number;
  /** `CONFIDENCE_BINS` slots each: rows, their confidence, and how many were right. */
  confidenceRows: number;
  confidence: number;
  confidenceRight: number;
  /** Classes that scores are binned of, and where their bins begin: rows that are the class, then all rows. */
  scores: { class: number; bins: number; positives: number; totals: number }[];
}

/** Slots of a regression. */
export interface ValueLayout {
  /** Rows by bin of the prediction, and by bin of the actual value. */
  predictions: number;
  predictionBins: number;
  actuals: number;
  actualBins: number;
  /** One slot a moment, in the order of `MOMENTS`. */
  moments: number;
}

/** The layout of a version's sums: it depends on what was frozen with the version only. */
export function sumsLayout(
  manifest: Pick<Manifest, 'task' | 'classes'>,
  frozen: Pick<ReferencePerformance, 'scoreEdges' | 'errorModel' | 'actualEdges'>,
): SumsLayout {
  let length = 0;
  const take = (slots: number): number => {
    const first = length;
    length += slots;
    return first;
  };
  const common = { rows: take(1), unusable: take(1), delays: take(DELAY_BINS) };
  if (manifest.task === 'regression') {
    const predictionBins = (frozen.errorModel?.edges.length ?? 0) + 1;
    const actualBins = frozen.actualEdges.length + 1;
    const values: ValueLayout = {
      predictions: take(predictionBins),
      predictionBins,
      actuals: take(actualBins),
      actualBins,
      moments: take(MOMENTS.length),
    };
    return { ...common, classes: null, values, length };
  }
  const count = manifest.classes.length;
  const classes: ClassLayout = {
    count,
    right: take(count),
    answered: take(count),
    actual: take(count),
    confusion: count <= MOST_CONFUSED_CLASSES ? take(count * count) : null,
    scored: take(1),
    logLoss: take(1),
    logLoss2: take(1),
    brier: take(1),
    brier2: take(1),
    confidenceRows: take(CONFIDENCE_BINS),
    confidence: take(CONFIDENCE_BINS),
    confidenceRight: take(CONFIDENCE_BINS),
    scores: frozen.scoreEdges.map(({ class: index, edges }) => {
      const bins = edges.length + 1;
      return { class: index, bins, positives: take(bins), totals: take(bins) };
    }),
  };
  return { ...common, classes, values: null, length };
}

/** Counts and shares are stored in billionths. */
export const UNITS_PER_SHARE = 1e9;
/** Moments of a regression in units so small that they lose nothing that a double holds. */
const UNITS_PER_MOMENT = 2 ** 200;

/** By what a stored integer of a slot is divided to give its amount. */
export function unitsPerAmount(layout: SumsLayout, slot: number): number {
  return layout.values && slot >= layout.values.moments ? UNITS_PER_MOMENT : UNITS_PER_SHARE;
}
