import type { LiveRow } from '../summarise/live-rows.js';

/**
 * Makes a function that hashes the features of a row to 52 bits; equal rows, missing values included, have equal hashes.
 * Two multiplicative lanes (the constants of MurmurHash3's finaliser): not for secrets.
 */
export function createHashRow(): (row: Pick<LiveRow, 'numeric' | 'categorical'>) => number {
  const number = new Float64Array(1);
  const words = new Uint32Array(number.buffer);
  return ({ numeric, categorical }) => {
    let a = 0x9747b28c;
    let b = 0x3c6ef372;
    const mix = (word: number): void => {
      a = Math.imul(a ^ word, 0x85ebca6b);
      a ^= a >>> 13;
      b = Math.imul(b ^ word, 0xc2b2ae35);
      b ^= b >>> 16;
    };
    for (let i = 0; i < numeric.length; i++) {
      // Adding zero makes -0 the 0 that it equals.
      number[0] = numeric[i]! + 0;
      mix(words[0]!);
      mix(words[1]!);
    }
    for (let i = 0; i < categorical.length; i++) {
      const text = categorical[i];
      mix(text === null || text === undefined ? -1 : text.length);
      for (let at = 0; at < (text?.length ?? 0); at++) mix(text!.charCodeAt(at));
    }
    a = Math.imul(a ^ (a >>> 16), 0x85ebca6b);
    b = Math.imul(b ^ (b >>> 16), 0xc2b2ae35);
    return (a >>> 12) * 4_294_967_296 + ((b ^ (b >>> 15)) >>> 0);
  };
}
