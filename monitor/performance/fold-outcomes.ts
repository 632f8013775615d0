import { addActualClass } from '../../core/performance/add-class-row.js';
import { addActualValue } from '../../core/performance/add-value-row.js';
import { createExpectedTruth, positiveIndex } from '../../core/performance/expected-truth.js';
import { DELAY_BINS, sumsLayout } from '../../core/performance/layout.js';
import { createExactSums, type ExactSums } from '../../core/performance/sums.js';
import { createFindSegments, segmentNames } from '../../core/reference/segments.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import type { LiveRow } from '../summarise/live-rows.js';
import { delayBin } from './delay-quantiles.js';
import { atEveryLength, type BucketUnits } from './stored-sums.js';

/** A live row with what is known of its outcome. */
export interface OutcomeRow {
  row: LiveRow;
  /** The outcome that counts. */
  actual: string;
  /** The one that was counted before it; null when none was. */
  counted: string | null;
  /** From the prediction until its first outcome came. */
  delaySeconds: number;
}

/** Adds rows with outcomes up, one after the other. */
export interface OutcomeFold {
  add(outcome: OutcomeRow): void;
  /** Changes of the sums, by segment and bucket of every length. */
  take(): BucketUnits[];
}

/** Makes an empty fold for a version that has a frozen performance. */
export function createOutcomeFold(version: ModelVersion, bucketSeconds: number): OutcomeFold {
  const { manifest, referencePerformance: frozen } = version;
  if (!frozen) throw new Error(`${version.modelName}@${version.modelVersion} was registered without its performance`);
  const layout = sumsLayout(manifest, frozen);
  const names = segmentNames(manifest);
  const findSegments = createFindSegments(manifest);
  const changes = new Map<string, { bucket: Omit<BucketUnits, 'units'>; sums: ExactSums }>();
  const addTo = createAddActual(version);
  return {
    add: ({ row, actual, counted, delaySeconds }) => {
      const bucketStart = Math.floor(row.requestedAt / bucketSeconds) * bucketSeconds;
      for (const index of [0, ...findSegments(row)]) {
        for (const bucket of atEveryLength({ segment: names[index]!, bucketStart }, bucketSeconds)) {
          const key = `${bucket.bucketSeconds} ${bucket.bucketStart} ${bucket.segment}`;
          const change = changes.get(key) ?? { bucket, sums: createExactSums(layout) };
          changes.set(key, change);
          if (counted !== null) addTo(change.sums.subtract, row, counted);
          else change.sums.add(layout.delays + delayBin(delaySeconds, DELAY_BINS), 1);
          addTo(change.sums.add, row, actual);
        }
      }
    },
    take: () => {
      const order = [...changes.keys()].sort();
      const taken = order.map((key) => {
        const { bucket, sums } = changes.get(key)!;
        const units = sums.units();
        return { ...bucket, units: Array.from({ length: layout.length }, (_, slot) => String(units.get(slot) ?? 0n)) };
      });
      changes.clear();
      return taken;
    },
  };
}

/** Makes the function that adds (or subtracts) a row with its actual. */
function createAddActual(
  version: ModelVersion,
): (add: (slot: number, amount: number) => void, row: LiveRow, actual: string) => void {
  const { manifest } = version;
  const frozen = version.referencePerformance!;
  const layout = sumsLayout(manifest, frozen);
  const expect = createExpectedTruth(manifest, frozen);
  const classes = new Map(manifest.classes.map((name, index) => [name, index]));
  const positive = positiveIndex(manifest);
  return (add, row, actual) => {
    add(layout.rows, 1);
    if (layout.values) {
      const value = actual.trim() === '' ? Number.NaN : Number(actual);
      if (!addActualValue(add, layout.values, frozen, row.value, value)) add(layout.unusable, 1);
      return;
    }
    const answered = classes.get(row.label ?? '');
    const index = classes.get(actual);
    if (answered === undefined || index === undefined) return add(layout.unusable, 1);
    const { scores } = row;
    addActualClass(
      add,
      layout.classes!,
      frozen,
      { answered, actual: index, scores, expected: expect(scores) },
      positive,
    );
  };
}
