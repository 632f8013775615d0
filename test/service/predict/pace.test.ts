import { expect, test } from 'vitest';
import { createPace } from '../../../service/predict/pace.js';

test('comes to the rows that take the given time, from above and from below', () => {
  for (const rowUs of [1, 20, 300]) {
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

test('one run that had to wait for the core changes little; a model slower than the time allows gets a row a run', () => {
  const pace = createPace(2, 256);
  for (let run = 0; run < 5; run++) pace.took(0.002, 100);
  pace.took(0.02, 100);
  expect(pace.rows()).toBeGreaterThan(60);
  for (let run = 0; run < 200; run++) pace.took(0.05, 1);
  expect(pace.rows()).toBe(1);
});
