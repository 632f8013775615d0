import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnnotationQuery, Dashboard, Panel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import { packagePath } from '../../core/package-path.js';

/** As much of a query in a dashboard's file as is read here. */
export interface Target {
  refId: string;
  datasource: { uid: string };
  /** Prometheus. */
  expr?: string;
  legendFormat?: string;
  instant?: boolean;
  exemplar?: boolean;
  format?: string;
  /** Postgres. */
  rawSql?: string;
}

/** A panel with its queries; headings have none. */
export type PanelFile = Omit<Panel, 'targets'> & { targets?: Target[] };

/** A dashboard as it stands in its file. */
export type DashboardFile = Omit<Dashboard, 'panels' | 'templating' | 'annotations'> & {
  uid: string;
  title: string;
  panels: PanelFile[];
  templating: { list: VariableModel[] };
  annotations: { list: (AnnotationQuery & { target: Target })[] };
};

/** Where Grafana's provisioning finds them. */
export const DASHBOARDS_FOLDER = 'grafana/dashboards';

/** The committed dashboards, by file name. */
export async function readDashboards(): Promise<{ file: string; dashboard: DashboardFile }[]> {
  const names = (await readdir(packagePath(DASHBOARDS_FOLDER))).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    names.map(async (name) => {
      const file = join(DASHBOARDS_FOLDER, name);
      return { file, dashboard: JSON.parse(await readFile(packagePath(file), 'utf8')) as DashboardFile };
    }),
  );
}
