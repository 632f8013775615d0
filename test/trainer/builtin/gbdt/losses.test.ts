import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../../core/random.js';
import type { Task } from '../../../../trainer/builtin/dataset.js';
import { createLoss } from '../../../../trainer/builtin/gbdt/losses.js';

const random = createRandom(12);
const n = 12;
const rows = Int32Array.of(1, 2, 3, 5, 8, 9);
const weights = Float64Array.from({ length: n }, () => 0.5 + random.next());

const cases: { task: Task; classCount: number; target: Float64Array }[] = [
  { task: 'regression', classCount: 0, target: Float64Array.from({ length: n }, () => random.normal()) },
  { task: 'binary', classCount: 2, target: Float64Array.from({ length: n }, () => random.integer(2)) },
  { task: 'multiclass', classCount: 4, target: Float64Array.from({ length: n }, () => random.integer(4)) },
];

describe.each(cases)('the loss of $task', ({ task, classCount, target }) => {
  const loss = createLoss(task, classCount, { target, weights });
  const scores = Float64Array.from({ length: n * loss.outputs }, () => random.normal());
  const total = rows.reduce((sum, row) => sum + weights[row]!, 0);
  const lossAt = (at: number, step: number): number => {
    const moved = scores.slice();
    moved[at]! += step;
    return loss.mean(moved, rows) * total;
  };
  // Friedman's factor for softmax, see losses.ts.
  const factor = classCount > 2 ? classCount / (classCount - 1) : 1;

  test('has the derivatives it says, by finite differences, for the rows given only', () => {
    const gradients = new Float64Array(scores.length).fill(-7);
    const hessians = new Float64Array(scores.length).fill(-7);
    loss.gradients(scores, rows, gradients, hessians);
    for (let at = 0; at < scores.length; at++) {
      if (!rows.includes(at % n)) {
        expect([gradients[at], hessians[at]]).toEqual([-7, -7]);
        continue;
      }
      const step = 1e-4;
      const [below, here, above] = [lossAt(at, -step), lossAt(at, 0), lossAt(at, step)];
      expect(gradients[at]).toBeCloseTo((above - below) / (2 * step), 6);
      expect(hessians[at]).toBeCloseTo((factor * (above - 2 * here + below)) / step ** 2, 5);
    }
  });

  test('stays finite at extreme scores', () => {
    const extreme = scores.map((score, i) => (i % 2 === 0 ? 1e3 : -1e3) * Math.sign(score));
    const gradients = new Float64Array(scores.length);
    loss.gradients(extreme, rows, gradients, new Float64Array(scores.length));
    expect(Number.isFinite(loss.mean(extreme, rows))).toBe(true);
    expect(gradients.every(Number.isFinite)).toBe(true);
  });
});

test('the base of a value is the weighted mean, the base of classes their smoothed log shares', () => {
  const target = Float64Array.of(1, 0, 1, 1);
  const of = { target, weights: Float64Array.of(1, 2, 3, 4) };
  const all = Int32Array.of(0, 1, 2, 3);
  expect(createLoss('regression', 0, of).base(all)[0]).toBeCloseTo(0.8, 12);
  expect(createLoss('binary', 2, of).base(all)[0]).toBeCloseTo(Math.log(9 / 3), 12);
  const three = [...createLoss('multiclass', 3, of).base(all)].map((score) => Math.exp(score) * 13);
  expect(three.map((share) => Math.round(share * 1e9) / 1e9)).toEqual([3, 9, 1]);
});
