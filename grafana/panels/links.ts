import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import { SOURCES } from './sources.js';

/** Every dashboard of ours has it, and links to all that have it. */
export const TAG = 'plumbline';

/** Links to all dashboards of ours, at the same time range and for the same model. */
export const dashboardLinks = new DashboardLinkBuilder('Plumbline')
  .type(DashboardLinkType.Dashboards)
  .tags([TAG])
  .asDropdown(false)
  .includeVars(true)
  .keepTime(true);

/** Where the pages of the monitor are, as people reach it: the value of the variable `console`. */
const CONSOLE = `\${console}`;

/** A dashboard of ours about the model (and whatever else) that columns of the same row name. */
export function toDashboard(uid: string, columns: Record<string, string>): string {
  const variables = Object.entries(columns).map(([name, column]) => `&var-${name}=\${__data.fields.${column}}`);
  return `/d/${uid}?\${__url_time_range}${variables.join('')}`;
}

/** The drift report on a window; the row has the columns `version`, and `window` as two instants with a slash between. */
export const toReport = `${CONSOLE}/v1/models/\${model}/reports/data-drift?format=html&version=\${__data.fields.version}&window=\${__data.fields.window}`;

/** The page of a prediction whose id is in the cell. */
export const toPrediction = `${CONSOLE}/predictions/\${__value.raw}`;

/** The trace whose id is in the cell, in Grafana's Explore. */
export const toTrace = `/explore?schemaVersion=1&panes=${encodeURIComponent(
  JSON.stringify({
    trace: {
      datasource: SOURCES.jaeger.uid,
      queries: [{ refId: 'A', datasource: SOURCES.jaeger, query: 'TRACE_ID' }],
      range: { from: 'now-1h', to: 'now' },
    },
  }),
).replace('TRACE_ID', `\${__value.raw}`)}`;
