import type { Method, Thresholds } from './methods.js';
import type { WindowSpec } from './schema.js';

interface FeatureBase {
  name: string;
  unit?: string;
  description?: string;
  /** Whether null, or leaving the key out, is accepted. */
  missing: boolean;
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
}
/** true or false; 1 or 0 in tensors and in storage. */
export interface BooleanFeature extends FeatureBase {
  type: 'boolean';
}
/** One resolved feature. */
export type Feature = NumericFeature | CategoricalFeature | BooleanFeature;

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
  /** By name of a feature, and of a prediction's aspect (class, score, value). */
  features: Record<string, SubjectMonitoring>;
  predictions: Record<string, SubjectMonitoring>;
}

/** Metric of a comparison; for `accuracy` more is better, for the others less. */
export type Metric = 'accuracy' | 'log_loss' | 'mae' | 'rmse';

/** When and how a model is retrained. `command` is absent for the built-in trainer. */
export interface Retraining {
  command?: string[];
  metric: Metric;
  minimumOutcomes: number;
  maximumRows: number;
  minimumImprovement: number;
  cooldownMinutes: number;
  timeoutMinutes: number;
  promotion: 'automatic' | 'manual';
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
  features: Feature[];
  onnx: OnnxMapping;
  monitoring: Monitoring;
  retraining: Retraining;
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
