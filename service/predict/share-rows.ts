/**
 * Shares out the rows of the next run among those who wait: first an equal part each (one row at least, in order, as
 * far as the rows go), then what is left over in order.
 * @param remaining  rows each still has to run, all >= 1
 * @returns rows each gets now, in the same order; their sum is at most `limit`
 */
export function shareRows(remaining: number[], limit: number): number[] {
  const equal = Math.max(1, Math.floor(limit / remaining.length));
  let left = limit;
  const shares = remaining.map((rows) => {
    const share = Math.min(rows, equal, left);
    left -= share;
    return share;
  });
  for (let i = 0; i < shares.length && left > 0; i++) {
    const extra = Math.min(remaining[i]! - shares[i]!, left);
    shares[i] = shares[i]! + extra;
    left -= extra;
  }
  return shares;
}
