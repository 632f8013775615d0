import { expect, test } from 'vitest';
import { minimise } from '../../../../trainer/builtin/linear/minimise.js';

test('finds the minimum of a badly scaled quadratic', () => {
  const scales = [1, 100, 10_000];
  const found = minimise(
    (at, gradient) => {
      scales.forEach((scale, i) => {
        gradient[i] = scale * (at[i]! - i - 1);
      });
      return scales.reduce((sum, scale, i) => sum + (scale * (at[i]! - i - 1) ** 2) / 2, 0);
    },
    3,
    { iterations: 200, tolerance: 1e-9 },
  );
  found.forEach((entry, i) => {
    expect(entry).toBeCloseTo(i + 1, 8);
  });
});

test('ends at once where the gradient is 0, and after its iterations', () => {
  let calls = 0;
  const flat = (_: Float64Array, gradient: Float64Array): number => {
    calls++;
    gradient.fill(0);
    return 1;
  };
  expect([...minimise(flat, 2, { iterations: 10, tolerance: 1e-9 })]).toEqual([0, 0]);
  expect(calls).toBe(1);
});
