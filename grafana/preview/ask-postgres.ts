import type { Queryable } from '../../core/postgres/pool.js';
import type { Answer, Series } from './answer.js';
import type { Target } from './dashboard-file.js';
import { interpolateSql } from './interpolate.js';
import type { View } from './view.js';

/** Asks Postgres as Grafana's data source does. @throws Error with the query and what Postgres says of it */
export async function askPostgres(db: Queryable, target: Target, view: View, points: number): Promise<Answer> {
  const text = interpolateSql(target.rawSql ?? '', view, points);
  const { fields, rows } = await db.query<unknown[]>({ text, rowMode: 'array' }).catch((error: Error) => {
    throw new Error(`Postgres refuses the query: ${error.message}\n${text}`, { cause: error });
  });
  const columns = fields.map((field) => field.name);
  return target.format === 'time_series' ? toSeries(columns, rows) : { kind: 'table', columns, rows };
}

/** @throws Error when the columns are not `time`, `metric` and one value */
function toSeries(columns: string[], rows: unknown[][]): Answer {
  if (columns.join() !== 'time,metric,value') {
    throw new Error(`a time series has the columns time, metric and value, got ${columns.join(', ')}`);
  }
  const series = new Map<string, Series>();
  for (const [time, name, value] of rows as [Date | string, string, number | null][]) {
    const one = series.get(name) ?? { name, points: [] };
    series.set(name, one);
    // A time that was computed is a number of seconds, which the driver gives as text.
    const at = time instanceof Date ? time.getTime() : Number(time) * 1_000;
    if (value !== null) one.points.push({ time: at, value });
  }
  return { kind: 'series', series: [...series.values()], exemplars: [] };
}
