import { describe, expect, it } from 'vitest';
import { createRandom } from '../../core/random.js';
import { createLatency } from '../../traffic/latency.js';

describe('createLatency', () => {
  it('gives quantiles at most 2 % above the true ones', () => {
    const random = createRandom(1);
    const values = Array.from({ length: 5000 }, () => Math.exp(2 * random.normal()));
    const latency = createLatency();
    for (const value of values) latency.add(value);
    values.sort((a, b) => a - b);
    for (const q of [0.5, 0.9, 0.99, 1]) {
      const truth = values[Math.ceil(q * values.length) - 1]!;
      const ratio = latency.quantile(q)! / truth;
      // 0.1 % for the rounding to four digits.
      expect(ratio).toBeGreaterThanOrEqual(0.999);
      expect(ratio).toBeLessThanOrEqual(1.021);
    }
  });

  it('is null when nothing was measured', () => {
    expect(createLatency().quantile(0.5)).toBeNull();
  });
});
