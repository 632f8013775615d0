import type { Queryable } from '../../core/postgres/pool.js';
import { SOURCES } from '../panels/sources.js';
import type { Answer } from './answer.js';
import { askPostgres } from './ask-postgres.js';
import { askPrometheus } from './ask-prometheus.js';
import type { DashboardFile, PanelFile, Target } from './dashboard-file.js';
import { interpolateSql } from './interpolate.js';
import type { View } from './view.js';

/** Where the data is. */
export interface DataSources {
  prometheusUrl: string;
  db: Queryable;
}

/** Points that a panel has room for: Grafana asks for one a pixel. */
export function pointsOf(panel: PanelFile): number {
  return Math.round(((panel.gridPos?.w ?? 24) / 24) * 1_600);
}

/** The answer to one query. @throws Error on a data source that is neither of the two */
export function ask(sources: DataSources, target: Target, view: View, points: number): Promise<Answer> {
  const { uid } = target.datasource;
  if (uid === SOURCES.prometheus.uid) return askPrometheus(sources.prometheusUrl, target, view, points);
  if (uid === SOURCES.postgres.uid) return askPostgres(sources.db, target, view, points);
  throw new Error(`"${uid}" is no data source that is asked here`);
}

/** The answers to all queries of a panel, in their order. */
export function askPanel(sources: DataSources, panel: PanelFile, view: View): Promise<Answer[]> {
  return Promise.all((panel.targets ?? []).map((target) => ask(sources, target, view, pointsOf(panel))));
}

/**
 * Gives every variable of a dashboard the value that it has when the dashboard is opened: all of its values where that is
 * what it begins with, else the first.
 * @param chosen  values to take instead, by name
 */
export async function openDashboard(
  db: Queryable,
  dashboard: DashboardFile,
  range: { from: Date; to: Date },
  chosen: Map<string, string[]> = new Map(),
): Promise<View> {
  const view: View = { ...range, variables: new Map() };
  for (const variable of dashboard.templating.list) {
    const values = chosen.get(variable.name) ?? (await valuesOf(db, variable, view));
    view.variables.set(variable.name, values);
  }
  return view;
}

async function valuesOf(
  db: Queryable,
  variable: DashboardFile['templating']['list'][number],
  view: View,
): Promise<string[]> {
  if (variable.type === 'textbox') return [String(variable.query)];
  const { rows } = await db.query<unknown[]>({
    text: interpolateSql(String(variable.query), view, 1),
    rowMode: 'array',
  });
  const values = rows.map(([value]) => String(value));
  return variable.current?.value === '$__all' ? values : values.slice(0, 1);
}
