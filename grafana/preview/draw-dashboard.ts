import { askPanel, type DataSources, openDashboard } from './ask.js';
import type { DashboardFile } from './dashboard-file.js';
import type { Opened } from './page.js';

/** Opens a dashboard as a browser would: its variables take their values, and every query of every panel is asked. */
export async function drawDashboard(
  sources: DataSources,
  dashboard: DashboardFile,
  range: { from: Date; to: Date },
  chosen: Map<string, string[]>,
): Promise<Opened> {
  const view = await openDashboard(sources.db, dashboard, range, chosen);
  const answers = await Promise.all(dashboard.panels.map((panel) => askPanel(sources, panel, view)));
  return { dashboard, view, answers };
}
