/** Features of a model that have series at most; what is beyond is in the reports. Each takes some twenty series. */
export const MOST_FEATURES = 100;

/** The features to export: all, or where there are too many those of the highest rank, else in their order. */
export function mostFeatures<T>(features: readonly T[], rank: (feature: T) => number): T[] {
  return [...features].sort((a, b) => rank(b) - rank(a)).slice(0, MOST_FEATURES);
}
