/**
 * Reorders positions begin to end - 1 of `order` so that the rows whose bin goes left come first; both sides keep their order.
 * Returns the position of the first row on the right.
 * @param bins      the tested feature's bin by row
 * @param goesLeft  1 for the bins that go left
 * @param scratch   buffer of at least end - begin entries
 */
export function partitionRows(
  order: Int32Array,
  begin: number,
  end: number,
  bins: Uint8Array,
  goesLeft: Uint8Array,
  scratch: Int32Array,
): number {
  let left = begin;
  let right = 0;
  for (let i = begin; i < end; i++) {
    const row = order[i]!;
    if (goesLeft[bins[row]!] === 1) order[left++] = row;
    else scratch[right++] = row;
  }
  order.set(scratch.subarray(0, right), left);
  return left;
}
