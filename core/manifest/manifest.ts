import type { InputType, Step } from '../preparation/step.js';
import type { Method, Thresholds } from './methods.js';
import type { WindowSpec } from './monitoring-schema.js';
import type { ManifestSource } from './schema.js';

interface FeatureBase {
  name: string;
  unit?: string;
  description?: string;
  /** Whether null, or leaving the key out, is accepted. */
  missing: boolean;
  /** How it is made of raw inputs; absent where requests hold the feature itself. */
  from?: Step;
}
/** A real number; `range` is inclusive. */
export interface NumericFeature extends FeatureBase {
  type: 'numeric';
  range?: [number, number];
  outOfRange: 'flag' | 'reject';
}
/** A string out of `categories`, in the order the model was trained with. */
export interface CategoricalFeature extends FeatureBase {
  type: 'categorical';
  categories: string[];
  unseen: 'flag' | 'reject';
  /** Only of a raw input seen as a feature: no list, but any text or any point in time. */
  free?: 'text' | 'timestamp';
}
/** true or false; 1 or 0 in tensors and in storage. */
export interface BooleanFeature extends FeatureBase {
  type: 'boolean';
}
/** One resolved feature. */
export type Feature = NumericFeature | CategoricalFeature | BooleanFeature;

/** A raw field of a request, which features are made of. */
export interface Input {
  name: string;
  type: InputType;
  unit?: string;
  description?: string;
  /** Whether null, or leaving the key out, is accepted. */
  missing: boolean;
  /** A plausible value, for the docs. */
  example?: number | string | boolean;
}

/** How features reach the ONNX model and which outputs answer. */
export interface OnnxMapping {
  input: 'tensor' | 'columns';
  label?: string;
  probabilities?: string;
  value?: string;
}

/** Rows divided by the categories of a feature (those listed; the others are in no segment), or by bins of a number. */
export type SegmentSpec = { feature: string } & ({ values: string[] } | { edges: number[] });

/** What one subject is watched by, where it differs from the others. No method: it is not watched. */
export type SubjectMonitoring = { methods?: Method[] } & Partial<Thresholds>;

/** How a model is watched. */
export interface Monitoring extends Thresholds {
  window: WindowSpec;
  /** Further windows, by name; absent for none. One that `alerts` decides on the model beside `window`. */
  windows?: (WindowSpec & {
    name: string;
    compareWith?: 'day-before' | 'week-before';
    timeZone?: string;
    alerts?: boolean;
  })[];
  /** Parts of the rows that are watched on their own too; absent for none. */
  segments?: SegmentSpec[];
  minimumRows: number;
  /** What decides, of every subject it fits. */
  methods: Method[];
  /** False-discovery rate over all tests of a window: without drift, the chance that a model exceeds at all. */
  alpha: number;
  confirm: [number, number];
  /** A confirmed drift clears below this part of the thresholds; 1 clears where it was set. */
  clearRatio: number;
  /** Part by which the retraining metric may be worse than at registration before people are told; 0.1 when absent. */
  performanceLoss?: number;
  /** The part of rows whose outcome is to be known so long after their window; absent where nothing is expected. */
  outcomes?: { coverage: number; withinMinutes: number };
  /** By name of a feature, and of a prediction's aspect (class, score, value). */
  features: Record<string, SubjectMonitoring>;
  predictions: Record<string, SubjectMonitoring>;
}

/** Metric of a comparison; for `accuracy` more is better, for the others less. */
export type Metric = 'accuracy' | 'log_loss' | 'mae' | 'rmse';

/** What a challenger has to show before it takes the champion's place. */
export interface RolloutPolicy {
  /** Live rows it answers in the shadow; 0 for no such stage. */
  shadowRows: number;
  /** Share of the traffic it then answers; 0 for no such stage. */
  canaryShare: number;
  /** Rows it answers as canary before it may be promoted. */
  canaryRows: number;
}

/** Bounds of a version that answers: a new champion while it is watched, and a canary. */
export interface WatchPolicy {
  /** How long a new champion is watched; 0 for not at all. */
  minutes: number;
  /** Most rows of a hundred that the model may fail on, as a share. */
  maximumErrorShare: number;
  /** Most times as long as the version before, by the median of the rows. */
  maximumLatencyRatio: number;
}

/** When and how a model is retrained. `command` is absent for the built-in trainer. */
export interface Retraining extends RetrainingLimits {
  command?: string[];
  metric: Metric;
  minimumOutcomes: number;
  maximumRows: number;
  minimumImprovement: number;
  cooldownMinutes: number;
  timeoutMinutes: number;
  promotion: 'automatic' | 'manual';
}

/** Limits that versions registered by an earlier build do not name; `retrainingLimits` fills them in. */
export interface RetrainingLimits {
  /** Labelled rows that came since the last run which changed nothing. */
  minimumNewOutcomes?: number;
  maximumRunsPerDay?: number;
  /** Share of the champion's metric by which no segment may be worse. */
  segmentMargin?: number;
  /** By how much the expected calibration error may be larger than the champion's. */
  calibrationMargin?: number;
  /** Most microseconds a row in batches; absent for no bound of its own. */
  maximumMicroseconds?: number;
  maximumModelBytes?: number;
  /** Absent: a better challenger is promoted at once. */
  rollout?: RolloutPolicy;
  watch?: WatchPolicy;
}

/** A manifest with everything inferred and every default filled in: what is stored with a version and used everywhere. */
export interface Manifest {
  name: string;
  description?: string;
  task: 'binary' | 'multiclass' | 'regression';
  target: string;
  /** Empty for a regression. */
  classes: string[];
  positiveClass?: string;
  decisionThreshold?: number;
  /** What requests and reference.csv hold in place of the features, which are made of it; absent where they hold the features. */
  inputs?: Input[];
  features: Feature[];
  onnx: OnnxMapping;
  monitoring: Monitoring;
  retraining: Retraining;
  /** As written: `resolvePlan` fills its gaps for the training command. Absent for a training without a search. */
  training?: NonNullable<ManifestSource['training']>;
}

/** One instance: feature name to value; null or absent is missing. */
export type Instance = Record<string, number | string | boolean | null | undefined>;

/** The features stored as numbers (numeric and boolean), in manifest order. */
export function numericFeatures(manifest: Pick<Manifest, 'features'>): (NumericFeature | BooleanFeature)[] {
  return manifest.features.filter((f) => f.type !== 'categorical');
}

/** The features stored as text, in manifest order. */
export function categoricalFeatures(manifest: Pick<Manifest, 'features'>): CategoricalFeature[] {
  return manifest.features.filter((f) => f.type === 'categorical');
}
