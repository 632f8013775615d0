import { expect, test } from 'vitest';
import { SHAPES } from '../../../bench/decisions/shapes.js';
import { createWatch, drawColumns, drawModel } from '../../../bench/decisions/simulated-model.js';
import { createRandom } from '../../../core/random.js';

test('a simulated model is calm on rows like its reference, and sees a feature that moved', () => {
  const random = createRandom(7);
  const model = drawModel(random, [...SHAPES], 2_000);
  const watch = createWatch(model, random);
  const calm = drawColumns(random, [...SHAPES], 1_000);
  expect(watch(1_000, calm).verdict).toBe('ok');
  const moved = calm.map((column, i) =>
    i === 0 && 'numbers' in column ? { numbers: column.numbers.map((value) => value + 3) } : column,
  );
  const verdicts = [1, 2, 3].map(() => watch(1_000, moved));
  const exceeded = verdicts.at(-1)!.subjects.filter(({ verdict }) => verdict === 'drift' || verdict === 'warning');
  expect(exceeded.map(({ subject }) => subject)).toEqual(['f0']);
});
