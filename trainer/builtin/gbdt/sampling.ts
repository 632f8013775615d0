/** The randomness the learner needs: uniform numbers in [0, 1). */
export interface RandomSource {
  next(): number;
}

/**
 * Draws each row with probability `share`, and writes the drawn rows to the front of `order` and the others behind them, both
 * in the order given. Returns the number drawn.
 * @param order  at least as long as `rows`
 */
export function sampleRows(rows: Int32Array, share: number, random: RandomSource, order: Int32Array): number {
  let drawn = 0;
  let others = rows.length;
  for (let i = rows.length - 1; i >= 0; i--) {
    // Filled from both ends and turned round below: the drawn rows end up contiguous and ascending without a second buffer.
    if (random.next() < share) order[drawn++] = rows[i]!;
    else order[--others] = rows[i]!;
  }
  order.subarray(0, drawn).reverse();
  return drawn;
}

/** Draws `share` of the features without repetition, at least one, ascending. */
export function sampleFeatures(count: number, share: number, random: RandomSource): Int32Array {
  const wanted = Math.max(1, Math.round(count * share));
  const chosen = new Int32Array(wanted);
  let taken = 0;
  for (let feature = 0; feature < count && taken < wanted; feature++) {
    // Selection sampling (Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S).
    if (random.next() * (count - feature) < wanted - taken) chosen[taken++] = feature;
  }
  return chosen;
}
