import { expect, test } from 'vitest';
import { createPace } from '../../../service/predict/pace.js';

test('comes to the rows that take the given time, from above and from below', () => {
  for (const rowUs of [1, 20, 80]) {
    const pace = createPace(2, 256);
    expect(pace.rows()).toBe(256);
    pace.took((50 + rowUs) / 1e6, 1);
    for (let run = 0; run < 40; run++) pace.took((50 + rowUs * pace.rows()) / 1e6, pace.rows());
    const ms = (50 + rowUs * pace.rows()) / 1_000;
    if (rowUs === 1) expect(pace.rows()).toBe(256);
    else expect(ms).toBeGreaterThan(1.6);
    expect(ms).toBeLessThan(2.4);
  }
});

test('one run that had to wait for the core changes little', () => {
  const pace = createPace(2, 256);
  for (let run = 0; run < 5; run++) pace.took(0.002, 100);
  pace.took(0.02, 100);
  expect(pace.rows()).toBeGreaterThan(60);
});

// With one row a run, a model whose runs take three milliseconds whatever their rows once stayed at one row for ever.
test('a slow model gets sixteen rows a run, or as many as it may have; one with a high fixed cost comes to more', () => {
  const [slow, tight, fixed] = [createPace(2, 256), createPace(2, 4), createPace(2, 256)];
  for (let run = 0; run < 200; run++) {
    slow.took(0.05 * slow.rows(), slow.rows());
    tight.took(0.05 * tight.rows(), tight.rows());
    fixed.took(0.001 + 5e-6 * fixed.rows(), fixed.rows());
  }
  expect([slow.rows(), tight.rows()]).toEqual([16, 4]);
  expect(fixed.rows()).toBeGreaterThan(150);
});
