import type { Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { SOURCES } from './sources.js';

/** A question to one data source; `refId` is its letter within the panel. */
export interface Query {
  source: keyof typeof SOURCES;
  build(refId: string): Dataquery;
}

/** What PromQL is asked for besides its values. */
export interface PromOptions {
  /** Only what holds at the end of the time range. */
  instant?: boolean;
  /** Points of single traces beside the values; for histograms that have them. */
  exemplars?: boolean;
  /** `heatmap`: the series are buckets of a histogram, by `le`. `table`: one row a series, its labels as columns. */
  format?: 'time_series' | 'heatmap' | 'table';
}

const FORMATS = {
  time_series: PromQueryFormat.TimeSeries,
  heatmap: PromQueryFormat.Heatmap,
  table: PromQueryFormat.Table,
};

/** A PromQL query. @param legend  name of each series, with labels in double braces */
export function promql(expr: string, legend: string, options: PromOptions = {}): Query {
  const { instant = false, exemplars = false, format = 'time_series' } = options;
  const build = (refId: string): Dataquery => {
    const query = new DataqueryBuilder()
      .refId(refId)
      .datasource(SOURCES.prometheus)
      .expr(expr)
      .legendFormat(legend)
      .exemplar(exemplars)
      .format(FORMATS[format]);
    return (instant ? query.instant() : query.range()).build();
  };
  return { source: 'prometheus', build };
}

/** What Grafana's Postgres data source is asked; the SDK has no type for it. */
export interface SqlQuery extends Dataquery {
  refId: string;
  datasource: typeof SOURCES.postgres;
  rawSql: string;
  rawQuery: true;
  editorMode: 'code';
  format: 'table' | 'time_series';
}

/**
 * A SQL query.
 * @param format  `time_series`: a column `time`, a text column `metric` that names the series, and the value
 */
export function sql(text: string, format: 'table' | 'time_series' = 'table'): Query {
  const build = (refId: string): SqlQuery => ({
    refId,
    datasource: SOURCES.postgres,
    rawSql: text,
    rawQuery: true,
    editorMode: 'code',
    format,
    _implementsDataqueryVariant: () => {},
  });
  return { source: 'postgres', build };
}
