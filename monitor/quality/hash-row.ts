import type { LiveRow } from '../summarise/live-rows.js';

/**
 * Makes a function that hashes the features of a row to 52 bits; equal rows, missing values included, have equal hashes.
 * Two multiplicative lanes (the constants of MurmurHash3's finaliser): not for secrets. Written out in plain loops, as it
 * runs for every row.
 */
export function createHashRow(): (row: Pick<LiveRow, 'numeric' | 'categorical'>) => number {
  let seen: Float64Array = new Float64Array(0);
  let words: Int32Array = new Int32Array(0);
  return ({ numeric, categorical }) => {
    if (numeric !== seen) {
      seen = numeric;
      words = new Int32Array(numeric.buffer, numeric.byteOffset, 2 * numeric.length);
    }
    let a = 0x9747b28c | 0;
    let b = 0x3c6ef372 | 0;
    for (let i = 0; i < words.length; i++) {
      a = Math.imul(a ^ words[i]!, 0x85ebca6b);
      a ^= a >>> 13;
      b = Math.imul(b ^ words[i]!, 0xc2b2ae35);
      b ^= b >>> 16;
    }
    for (let i = 0; i < categorical.length; i++) {
      const text = categorical[i];
      const length = text === null || text === undefined ? -1 : text.length;
      // The length first, -1 for a missing text, so that the ends of texts count too.
      for (let at = -1; at < length; at++) {
        const word = at === -1 ? length : text!.charCodeAt(at);
        a = Math.imul(a ^ word, 0x85ebca6b);
        a ^= a >>> 13;
        b = Math.imul(b ^ word, 0xc2b2ae35);
        b ^= b >>> 16;
      }
      if (length === -1) a = ~a;
    }
    a = Math.imul(a ^ (a >>> 16), 0x85ebca6b);
    b = Math.imul(b ^ (b >>> 16), 0xc2b2ae35);
    return (a >>> 12) * 4_294_967_296 + ((b ^ (b >>> 15)) >>> 0);
  };
}
