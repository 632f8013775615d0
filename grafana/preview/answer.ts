/** One line of a chart. Times are milliseconds since 1970. */
export interface Series {
  name: string;
  points: { time: number; value: number }[];
}

/** One request that was traced. */
export interface Exemplar {
  time: number;
  value: number;
  traceId: string;
}

/** What a query gave: values over time, or rows of columns. */
export type Answer =
  | { kind: 'series'; series: Series[]; exemplars: Exemplar[] }
  | { kind: 'table'; columns: string[]; rows: unknown[][] };

/** Whether an answer holds no value at all: then Grafana shows the panel's "no data" text. */
export function isEmpty(answer: Answer): boolean {
  if (answer.kind === 'table') return answer.rows.length === 0;
  return !answer.series.some(({ points }) => points.some(({ value }) => !Number.isNaN(value)));
}
