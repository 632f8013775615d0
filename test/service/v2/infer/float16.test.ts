import { expect, test } from 'vitest';
import { readFloat16 } from '../../../../service/v2/infer/float16.js';

/** Values of numpy 2.4: np.frombuffer(np.uint16(bits).tobytes(), '<f2'). */
test.each([
  [0x0000, 0],
  [0x8000, -0],
  [0x3c00, 1],
  [0xc500, -5],
  [0x3555, 0.333251953125],
  [0x7bff, 65504],
  [0x0400, 6.103515625e-5],
  [0x03ff, 6.097555160522461e-5],
  [0x0001, 2 ** -24],
  [0x7c00, Number.POSITIVE_INFINITY],
  [0xfc00, Number.NEGATIVE_INFINITY],
  [0x7e00, Number.NaN],
])('reads %i as %f', (bits, value) => {
  const bytes = Buffer.alloc(3);
  bytes.writeUInt16LE(bits, 1);
  expect(readFloat16(bytes, 1)).toBe(value);
});
