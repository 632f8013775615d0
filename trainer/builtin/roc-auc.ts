/**
 * Weighted area under the ROC curve: the probability that a positive scores above a negative, ties counted half (Fawcett 2006).
 * NaN where one of the two has no weight.
 * @param scores    one a row, finite
 * @param positive  1 for a positive
 * @param weights   >= 0
 */
export function rocAuc(scores: Float64Array, positive: Uint8Array, weights: Float64Array): number {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let negatives = 0;
  let positives = 0;
  let area = 0;
  for (let begin = 0; begin < order.length; ) {
    let tiedNegatives = 0;
    let tiedPositives = 0;
    let end = begin;
    for (; end < order.length && scores[order[end]!] === scores[order[begin]!]; end++) {
      if (positive[order[end]!] === 1) tiedPositives += weights[order[end]!]!;
      else tiedNegatives += weights[order[end]!]!;
    }
    area += tiedPositives * (negatives + tiedNegatives / 2);
    negatives += tiedNegatives;
    positives += tiedPositives;
    begin = end;
  }
  return area / (positives * negatives);
}
