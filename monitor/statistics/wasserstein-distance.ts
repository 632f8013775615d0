/** A sample, and how much each of its values counts; without weights each counts the same. */
export interface WeightedSample {
  /** In any order; drop missing values first. */
  readonly values: ArrayLike<number>;
  /** As many as there are values, each finite and >= 0, not all 0. */
  readonly weights?: ArrayLike<number>;
}

/**
 * Wasserstein-1 (earth mover's) distance of two samples: the integral over x of |F_reference(x) - F_current(x)|, in the
 * unit of the values, >= 0. Exact, ties included. Equals `scipy.stats.wasserstein_distance` (1.17).
 * How far a unit of the distribution had to be moved on average, so one value far away moves it without bound, and it
 * compares with nothing before it is divided by a spread of the reference: `wassersteinOverIqr`, `wassersteinOverSd`.
 * Above 0 without drift, by about 0.8 standard deviations * sqrt(1/N + 1/M) for a normal variable.
 * @returns NaN when a sample is empty, or when infinite values leave it undefined
 * @throws RangeError  a value is NaN, or weights are of another number, negative, not finite, or all 0
 * @example wassersteinDistance({ values: [0, 1, 3] }, { values: [5, 6, 8] }) // 5
 */
export function wassersteinDistance(reference: WeightedSample, current: WeightedSample): number {
  const x = cumulate('reference', reference);
  const y = cumulate('current', current);
  if (x.values.length === 0 || y.values.length === 0) return Number.NaN;
  let [i, j] = [0, 0];
  let distance = 0;
  let previous = Math.min(x.values[0]!, y.values[0]!);
  while (i < x.values.length || j < y.values.length) {
    const value = Math.min(x.values[i] ?? Infinity, y.values[j] ?? Infinity);
    const difference = Math.abs((x.shares[i - 1] ?? 0) - (y.shares[j - 1] ?? 0));
    // Equal values add nothing, and where both functions are equal neither does an infinite step.
    if (value !== previous && difference > 0) distance += difference * (value - previous);
    previous = value;
    while (i < x.values.length && x.values[i]! === value) i++;
    while (j < y.values.length && y.values[j]! === value) j++;
  }
  return distance;
}

/** Values in order and the share of weight up to and with each. */
function cumulate(window: string, { values, weights }: WeightedSample): { values: Float64Array; shares: Float64Array } {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const fail = (what: string): never => {
    throw new RangeError(`wassersteinDistance requires ${what} in the ${window} sample`);
  };
  if (weights && weights.length !== values.length) fail(`as many weights as values, got ${weights.length}`);
  const sorted = new Float64Array(values.length);
  const shares = new Float64Array(values.length);
  let total = 0;
  order.forEach((at, position) => {
    const [value, weight] = [values[at]!, weights ? weights[at]! : 1];
    if (Number.isNaN(value)) fail(`numbers, got NaN at index ${at},`);
    if (!(weight >= 0 && weight < Infinity)) fail(`finite weights of 0 or more, got ${weight} at index ${at},`);
    sorted[position] = value;
    total += weight;
    shares[position] = total;
  });
  if (values.length > 0 && total === 0) fail('a weight above 0');
  for (let i = 0; i < shares.length; i++) shares[i]! /= total;
  return { values: sorted, shares };
}
