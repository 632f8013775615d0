/**
 * Area under the receiver operating characteristic: the probability that a random positive has a larger score than a
 * random negative, ties counting half (Mann-Whitney U / (positives * negatives), by mid-ranks). In [0, 1]; 0.5 is
 * chance. Equals `sklearn.metrics.roc_auc_score` (1.9). Unchanged by any strictly increasing map of the scores.
 * Says nothing of calibration, and with a handful of one class it is mostly noise.
 * @param scores     any finite or infinite numbers
 * @param positives  as many, true for the positive class
 * @returns NaN where one class is absent
 * @throws RangeError  lengths differ or a score is NaN
 * @example rocAuc([0.1, 0.4, 0.35, 0.8], [false, false, true, true]) // 0.75
 */
export function rocAuc(scores: ArrayLike<number>, positives: ArrayLike<boolean>): number {
  if (scores.length !== positives.length) {
    throw new RangeError(`rocAuc requires a class for each score, got ${scores.length} and ${positives.length}`);
  }
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let below = 0;
  let positiveRows = 0;
  let concordant = 0;
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start]!]!;
    if (Number.isNaN(score)) throw new RangeError('rocAuc requires numbers, got NaN: drop missing scores first');
    let [tied, tiedPositive] = [0, 0];
    for (; start + tied < order.length && scores[order[start + tied]!]! === score; tied++) {
      if (positives[order[start + tied]!]!) tiedPositive++;
    }
    const tiedNegative = tied - tiedPositive;
    concordant += tiedPositive * (below + tiedNegative / 2);
    below += tiedNegative;
    positiveRows += tiedPositive;
    start += tied;
  }
  return positiveRows === 0 || below === 0 ? Number.NaN : concordant / (positiveRows * below);
}
