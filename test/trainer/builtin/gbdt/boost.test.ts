import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../../core/random.js';
import { answersFromScores } from '../../../../trainer/builtin/gbdt/answers.js';
import { binDataset } from '../../../../trainer/builtin/gbdt/binned-data.js';
import { type BoostInput, boost } from '../../../../trainer/builtin/gbdt/boost.js';
import { createLoss } from '../../../../trainer/builtin/gbdt/losses.js';
import { modelFeature } from '../../../../trainer/builtin/gbdt/model.js';
import { DEFAULT_PARAMETERS } from '../../../../trainer/builtin/parameters.js';
import { predict } from '../../../../trainer/builtin/predict.js';
import { asClasses, makeScored } from '../synthetic.js';

const dataset = asClasses(makeScored({ rows: 900, seed: 21, missing: 0.1, categories: 12 }), 3);
const every = Int32Array.from({ length: dataset.rows }, (_, i) => i);
const data = binDataset(dataset, every, 5);
const loss = createLoss('multiclass', 3, dataset);

function run(change: Partial<BoostInput> = {}): ReturnType<typeof boost> {
  const { rowShare, columnShare } = DEFAULT_PARAMETERS;
  const limits = { ...DEFAULT_PARAMETERS, leaves: 12 };
  const rows = every.filter((row) => row % 5 > 0);
  const heldOut = every.filter((row) => row % 5 === 0);
  const random = createRandom(3);
  return boost({
    data,
    loss,
    rows,
    heldOut,
    iterations: 200,
    patience: 10,
    rowShare,
    columnShare,
    usable: Int32Array.from(data.encodings.keys()),
    limits,
    random,
    ...change,
  });
}

describe('boosting', () => {
  test('stops early, and its scores by bins equal the predictions of the kept trees by value', () => {
    const boosted = run();
    expect(boosted.iterations).toBeLessThan(200);
    const classes = ['a', 'b', 'c'];
    const features = data.encodings.map(modelFeature);
    const kind = { kind: 'trees', task: 'multiclass', link: 'softmax' } as const;
    const model = { ...kind, classes, features, ...boosted };
    const byBins = answersFromScores(boosted.heldOutScores, dataset.rows, 'softmax', 3);
    const byValue = predict(model, dataset);
    for (const [i, answer] of byValue.entries()) expect(answer).toBeCloseTo(byBins[i]!, 12);
  });

  test('keeps the iterations with the least held-out loss', () => {
    const heldOut = every.filter((row) => row % 5 === 0);
    const best = loss.mean(run().heldOutScores, heldOut);
    const { iterations } = run();
    for (const other of [Math.round(iterations / 2), iterations + 5]) {
      const scores = run({ iterations: other, patience: 1000 }).heldOutScores;
      expect(loss.mean(scores, heldOut)).toBeGreaterThanOrEqual(best);
    }
  });

  test('does all iterations without rows held out', () => {
    const { iterations, trees } = run({ heldOut: new Int32Array(0), iterations: 7 });
    expect(iterations).toBe(7);
    expect(trees.map(({ output }) => output)).toEqual(Array.from({ length: 21 }, (_, i) => i % 3));
  });

  test('grows trees within their limits, with float32 leaves and thresholds', () => {
    for (const tree of run({ iterations: 5 }).trees) {
      expect(tree.leaves.length).toBeLessThanOrEqual(12);
      expect(tree.features.length).toBe(tree.leaves.length - 1);
      expect(new Set([...tree.left, ...tree.right]).size).toBe(2 * tree.features.length);
      expect(tree.leaves).toBeInstanceOf(Float32Array);
      expect(tree.thresholds).toBeInstanceOf(Float32Array);
    }
  });
});
