import { FLOAT32_MAX } from '../../../core/inference/float32.js';

/** Decimal places tried by rounding, which is fast; nine significant digits tell any two float32 apart. */
const SCALES = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6];
/** Up to here every integer is a float32. */
const LARGEST_EXACT = 2 ** 24;

/**
 * The shortest decimal number that is this float32 when rounded to one: 0.30000001192092896 gives 0.3. A row that came
 * as float32 is so stored and compared with ranges and bin edges as the same row sent in JSON would be.
 */
export function shortestFloat32(value: number): number {
  const size = Math.abs(value);
  if ((Number.isInteger(value) && size <= LARGEST_EXACT) || !(size < FLOAT32_MAX)) return value;
  if (size < LARGEST_EXACT && size >= 1e-3) {
    for (const scale of SCALES) {
      const rounded = Math.round(value * scale) / scale;
      if (Math.fround(rounded) === value) return rounded;
    }
  }
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return Number(value.toPrecision(9));
}
