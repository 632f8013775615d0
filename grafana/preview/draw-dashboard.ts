import { ask, askPanel, type DataSources, openDashboard } from './ask.js';
import type { DashboardFile } from './dashboard-file.js';
import type { Opened } from './page.js';
import type { View } from './view.js';

/** Opens a dashboard as a browser would: its variables take their values, and every query of every panel is asked. */
export async function drawDashboard(
  sources: DataSources,
  dashboard: DashboardFile,
  range: { from: Date; to: Date },
  chosen: Map<string, string[]>,
): Promise<Opened> {
  const opened = await openDashboard(sources.db, dashboard, range, chosen);
  const view = { ...opened, marks: await marksOf(sources, dashboard, opened) };
  const answers = await Promise.all(dashboard.panels.map((panel) => askPanel(sources, panel, view)));
  return { dashboard, view, answers };
}

/** Instants of the dashboard's annotations: the first column of each. */
async function marksOf(sources: DataSources, dashboard: DashboardFile, view: View): Promise<number[]> {
  const answers = await Promise.all(dashboard.annotations.list.map(({ target }) => ask(sources, target, view, 1)));
  return answers.flatMap((answer) => (answer.kind === 'table' ? answer.rows.map(([time]) => Number(time)) : []));
}
