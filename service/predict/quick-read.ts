import { type FeatureBatch, isEmptyMissing } from '../../core/inference/batch.js';
import { createFindFlags, type Flag } from '../../core/inference/flags.js';
import { FLOAT32_MAX } from '../../core/inference/float32.js';
import {
  type CategoricalFeature,
  categoricalFeatures,
  type Feature,
  type Manifest,
  type NumericFeature,
  numericFeatures,
} from '../../core/manifest/manifest.js';
import { isTimestamp } from '../../core/preparation/timestamp.js';
import { isWholeText, LONGEST_TEXT } from './instance-schema.js';

/** A request of so few rows is handled in one go, well below a millisecond; a larger one in slices. */
export const SMALL_ROWS = 32;

/** A request that the model can answer. */
export interface ValidRequest {
  batch: FeatureBatch;
  /** The raw inputs that the batch was made of; absent where the request held the features. */
  inputs?: FeatureBatch;
  /** The flags of each row that has any, at the row's index. */
  flags: (Flag[] | undefined)[];
}

/** Checks and encodes the common request without describing what is wrong with any other. */
export interface QuickRead {
  /** The instances of a body that holds nothing else, 1 to the most that are taken; else undefined. */
  instancesOf(body: unknown): unknown[] | undefined;
  /** The rows of a body of few instances; undefined where it is larger, or not surely valid. */
  small(body: unknown): ValidRequest | undefined;
  /** Room for so many rows. */
  prepare(rows: number): ValidRequest;
  /**
   * Writes instances [start, end) to their rows. False as soon as one is not surely valid; then nothing of `into` counts.
   * What is taken here is taken by the schema of an instance too, and encoded as `encodeInstances` does.
   */
  read(instances: unknown[], start: number, end: number, into: ValidRequest): boolean;
}

/** What is known of a feature: where its value goes and which values are taken and flagged. */
interface Slot {
  type: Feature['type'];
  at: number;
  missing: boolean;
  /** A number outside is refused. */
  low: number;
  high: number;
  /** A number outside is flagged. */
  flagLow: number;
  flagHigh: number;
  /** The categories that need no further look. */
  known: ReadonlySet<string>;
  takesUnseen: boolean;
  /** Whether another text is one that can be kept, and a time where it must be one. */
  takes: (text: string) => boolean;
}

/** Prepares the reading of a model's instances: one look-up a field, no walk over a schema. */
export function createQuickRead(manifest: Pick<Manifest, 'features'>, maxInstances: number): QuickRead {
  const slots = createSlots(manifest);
  const required = manifest.features.filter((feature) => !feature.missing).length;
  const numbers = numericFeatures(manifest).length;
  const texts = categoricalFeatures(manifest).length;
  const findFlags = createFindFlags(manifest);

  const readRow = (instance: object, row: number, { batch, flags }: ValidRequest): boolean => {
    let found = 0;
    let outside = false;
    // Own fields only: what comes out of a JSON parser inherits no enumerable ones.
    for (const name in instance) {
      const slot = slots.get(name);
      if (slot === undefined) return false;
      const value: unknown = (instance as Record<string, unknown>)[name];
      if (!slot.missing) found++;
      if (typeof value === 'number') {
        // Written so that NaN is refused.
        if (slot.type !== 'numeric' || !(value >= slot.low && value <= slot.high)) return false;
        batch.numeric[row * numbers + slot.at] = value;
        outside ||= value < slot.flagLow || value > slot.flagHigh;
      } else if (typeof value === 'string') {
        if (slot.type !== 'categorical') return false;
        batch.categorical[row * texts + slot.at] = value;
        if (slot.known.has(value)) continue;
        if (!slot.takesUnseen || value.length > LONGEST_TEXT || !slot.takes(value)) return false;
        outside = true;
      } else if (typeof value === 'boolean') {
        if (slot.type !== 'boolean') return false;
        batch.numeric[row * numbers + slot.at] = value ? 1 : 0;
      } else if (value !== null || !slot.missing) return false;
    }
    if (found !== required) return false;
    if (outside) flags[row] = findFlags(batch, row)!;
    return true;
  };
  const quick: QuickRead = {
    small: (body) => {
      const instances = quick.instancesOf(body);
      if (!instances || instances.length > SMALL_ROWS) return undefined;
      const request = quick.prepare(instances.length);
      return quick.read(instances, 0, instances.length, request) ? request : undefined;
    },
    instancesOf: (body) => {
      if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
      for (const key in body) if (key !== 'instances') return undefined;
      const { instances } = body as { instances?: unknown };
      if (!Array.isArray(instances) || instances.length === 0 || instances.length > maxInstances) return undefined;
      return instances;
    },
    prepare: (rows) => {
      const numeric = new Float64Array(rows * numbers);
      if (required < manifest.features.length) numeric.fill(Number.NaN);
      const categorical: (string | null)[] = texts === 0 ? [] : new Array<string | null>(rows * texts).fill(null);
      return { batch: { rows, numeric, categorical }, flags: [] };
    },
    read: (instances, start, end, into) => {
      for (let row = start; row < end; row++) {
        const instance = instances[row];
        if (typeof instance !== 'object' || instance === null || Array.isArray(instance)) return false;
        if (!readRow(instance, row, into)) return false;
      }
      return true;
    },
  };
  return quick;
}

function createSlots(manifest: Pick<Manifest, 'features'>): Map<string, Slot> {
  const slots = new Map<string, Slot>();
  for (const [at, feature] of numericFeatures(manifest).entries()) {
    const limits = feature.type === 'numeric' ? limitsOf(feature) : { low: 0, high: 0, flagLow: 0, flagHigh: 0 };
    slots.set(feature.name, {
      ...limits,
      ...common(feature, at),
      known: new Set(),
      takesUnseen: false,
      takes: isWholeText,
    });
  }
  for (const [at, feature] of categoricalFeatures(manifest).entries()) {
    const takesUnseen = feature.unseen !== 'reject';
    const known = new Set(takesUnseen ? feature.categories.filter(isWholeText) : feature.categories);
    slots.set(feature.name, {
      ...{ low: 0, high: 0, flagLow: 0, flagHigh: 0 },
      ...common(feature, at),
      known,
      takesUnseen,
      takes: takesOf(feature),
    });
  }
  // Ajv takes no property of this name, whatever its schema says.
  slots.delete('__proto__');
  return slots;
}

/** The empty text that is a missing value is left to `encodeInstances`. */
function takesOf(feature: CategoricalFeature): Slot['takes'] {
  if (feature.free === 'timestamp') return isTimestamp;
  return isEmptyMissing(feature) ? (text) => text !== '' && isWholeText(text) : isWholeText;
}

function common({ type, missing }: Feature, at: number): Pick<Slot, 'type' | 'at' | 'missing'> {
  return { type, at, missing };
}

function limitsOf({ range, outOfRange }: NumericFeature): Pick<Slot, 'low' | 'high' | 'flagLow' | 'flagHigh'> {
  const [low, high] = range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const rejects = outOfRange === 'reject';
  return {
    low: Math.max(-FLOAT32_MAX, rejects ? low : Number.NEGATIVE_INFINITY),
    high: Math.min(FLOAT32_MAX, rejects ? high : Number.POSITIVE_INFINITY),
    flagLow: low,
    flagHigh: high,
  };
}
