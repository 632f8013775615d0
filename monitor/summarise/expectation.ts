import { addExpectedClass } from '../../core/performance/add-class-row.js';
import { addExpectedValue } from '../../core/performance/add-value-row.js';
import { createExpectedTruth } from '../../core/performance/expected-truth.js';
import { sumsLayout } from '../../core/performance/layout.js';
import { addInto } from '../../core/performance/sums.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import type { LiveRow } from './live-rows.js';

/** Adds what is expected of rows' performance to sums of `length` slots. */
export interface Expectation {
  length: number;
  add(sums: Float64Array, row: LiveRow): void;
}

/** Makes the expectation of a version; undefined where none was frozen with it. */
export function createExpectation(
  version: Pick<ModelVersion, 'manifest' | 'referencePerformance'>,
): Expectation | undefined {
  const { manifest, referencePerformance: frozen } = version;
  if (!frozen) return undefined;
  const layout = sumsLayout(manifest, frozen);
  const expect = createExpectedTruth(manifest, frozen);
  const classes = new Map(manifest.classes.map((name, index) => [name, index]));
  return {
    length: layout.length,
    add: (sums, row) => {
      const add = addInto(sums);
      add(layout.rows, 1);
      if (layout.values) return addExpectedValue(add, layout.values, frozen, row.value);
      const answered = classes.get(row.label ?? '');
      if (answered === undefined) return;
      const { scores } = row;
      addExpectedClass(add, layout.classes!, frozen, { answered, scores, expected: expect(scores) });
    },
  };
}
