import type { Queryable } from '../../core/postgres/pool.js';
import type { Traffic } from '../charts/traffic-chart.js';

/** The periods that traffic is shown over: their steps, and what a step is called. */
export const PERIODS = {
  hour: { seconds: 3_600, step: 60, unit: 'minute', words: 'the last hour' },
  day: { seconds: 86_400, step: 3_600, unit: 'hour', words: 'the last day' },
  week: { seconds: 7 * 86_400, step: 3 * 3_600, unit: 'three hours', words: 'the last week' },
} as const;
export type PeriodName = keyof typeof PERIODS;

/**
 * Live rows of models by version, as the monitor counted them, in steps that end with the one that `now` is in. The same
 * rows stand in buckets of several lengths: of each version the longest that fit are summed.
 * @returns by model name; each has all steps
 */
export async function loadTraffic(
  db: Queryable,
  modelNames: string[],
  name: PeriodName,
  now: Date,
): Promise<Map<string, Traffic>> {
  const { seconds, step } = PERIODS[name];
  const end = (Math.floor(now.getTime() / 1_000 / step) + 1) * step;
  const start = end - seconds;
  const { rows } = await db.query<{ model: string; start: number; version: number; rows: number }>(
    `with counted as (
       select model_name as model, model_version as version, bucket_seconds, sum(row_count)::bigint as rows,
              floor(extract(epoch from bucket_start) / $4::int)::bigint * $4::int as start
         from summaries
        where model_name = any($1) and segment = '' and bucket_seconds <= $4::int
          and bucket_start >= to_timestamp($2) and bucket_start < to_timestamp($3)
        group by model, version, bucket_seconds, start)
     select model, version, start, rows from counted c
      where bucket_seconds = (select max(bucket_seconds) from counted where (model, version) = (c.model, c.version))
      order by start, version`,
    [modelNames, start, end, step],
  );
  const steps = Array.from({ length: seconds / step }, (_, i) => start + i * step);
  const trafficOf = (model: string): Traffic => {
    const own = rows.filter((row) => row.model === model);
    const counted = (at: number): Traffic['steps'][number]['rows'] =>
      own.filter((row) => row.start === at).map((row) => ({ model_version: row.version, row_count: row.rows }));
    return {
      step_seconds: step,
      steps: steps.map((at) => ({ start: new Date(at * 1_000).toISOString(), rows: counted(at) })),
    };
  };
  return new Map(modelNames.map((model) => [model, trafficOf(model)]));
}
