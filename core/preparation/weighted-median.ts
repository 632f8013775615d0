/**
 * The weighted median: the least value at which more than half of the weight lies at or below it; where exactly half does,
 * the middle between that value and the next. With equal weights the usual median.
 * @param pairs  value and weight >= 0; any order; at least one weight above 0
 * @throws RangeError  no weight at all
 */
export function weightedMedian(pairs: readonly (readonly [value: number, weight: number])[]): number {
  const sorted = pairs.filter(([, weight]) => weight > 0).sort(([a], [b]) => a - b);
  const half = sorted.reduce((sum, [, weight]) => sum + weight, 0) / 2;
  let below = 0;
  for (const [i, [value, weight]] of sorted.entries()) {
    below += weight;
    if (below > half) return value;
    // Adding up many fractions may miss half by a hair; then this is the value, and not the middle.
    if (below === half) return (value + sorted[i + 1]![0]) / 2;
  }
  throw new RangeError(`weightedMedian needs a weight above 0, got ${pairs.length} values without`);
}
