/** What a dashboard is looked at with: a stretch of time, and a value (or several) for each variable. */
export interface View {
  from: Date;
  to: Date;
  variables: Map<string, string[]>;
  /** Instants of promotions, to be marked on charts; milliseconds since 1970. */
  marks?: number[];
}

/** Seconds between two scrapes, as `grafana/provisioning/datasources` tells Grafana. */
export const SCRAPE_SECONDS = 15;

/** Steps that Grafana rounds to, in seconds. */
const STEPS = [
  1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1_200, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400,
];

/** Seconds of the time range. */
export function rangeSeconds({ from, to }: View): number {
  return (to.getTime() - from.getTime()) / 1_000;
}

/** `$__interval`, in seconds: the range over the points that a panel has room for, rounded, and never below `least`. */
export function intervalSeconds(view: View, points: number, least: number): number {
  const exact = rangeSeconds(view) / points;
  const rounded = STEPS.find((step) => step >= exact * 0.75) ?? STEPS.at(-1)!;
  return Math.max(least, rounded);
}

/** `$__rate_interval`, in seconds: long enough for four scrapes, and for every scrape to be in some step. */
export function rateIntervalSeconds(interval: number): number {
  return Math.max(interval + SCRAPE_SECONDS, 4 * SCRAPE_SECONDS);
}
