import { expect, test } from 'vitest';
import { createRandom } from '../../../../core/random.js';
import { shortestFloat32 } from '../../../../service/v2/infer/shortest-float32.js';

test('gives decimals of up to six digits back as they were before they became float32', () => {
  const random = createRandom(7);
  for (let i = 0; i < 20_000; i++) {
    const digits = 1 + random.integer(6);
    const decimal = Number(`${random.integer(2) ? '-' : ''}${random.integer(10 ** digits)}e${random.integer(40) - 20}`);
    expect(shortestFloat32(Math.fround(decimal))).toBe(decimal === 0 ? Math.fround(decimal) : decimal);
  }
});

test('never changes the float32, whatever its bits', () => {
  const random = createRandom(8);
  const bits = new DataView(new ArrayBuffer(4));
  for (let i = 0; i < 20_000; i++) {
    bits.setUint32(0, random.integer(2 ** 32));
    const value = bits.getFloat32(0);
    expect(Math.fround(shortestFloat32(value))).toBe(value);
  }
});

test('is no longer in digits than needed', () => {
  const known = [
    0.30000001192092896, 1234.56005859375, 1.401298464324817e-45, 3.4028234663852886e38, 16777216, 489999990784,
  ];
  expect(known.map(shortestFloat32)).toEqual([0.3, 1234.56, 1e-45, 3.4028234663852886e38, 16777216, 4.9e11]);
});
