import { expect } from 'vitest';

/** Expects a value within `tolerance` of another, relative to it where it is above 1; null stands for NaN. */
export function expectNear(value: number, expected: number | null, tolerance = 1e-9): void {
  if (expected === null) expect(value).toBeNaN();
  else expect(Math.abs(value - expected) / Math.max(1, Math.abs(expected))).toBeLessThanOrEqual(tolerance);
}
