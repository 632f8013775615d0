import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { capture } from './dashboards/capture.js';
import { drift } from './dashboards/drift.js';
import { overview } from './dashboards/overview.js';
import { quality } from './dashboards/quality.js';
import { service } from './dashboards/service.js';

/** Every dashboard, by the name of its file in `grafana/dashboards`. */
const DASHBOARDS: Record<string, () => Dashboard> = {
  'overview.json': overview,
  'service.json': service,
  'drift.json': drift,
  'quality.json': quality,
  'capture.json': capture,
};

/** The text of each dashboard's file, by its name. */
export function renderDashboards(): Map<string, string> {
  return new Map(
    Object.entries(DASHBOARDS).map(([name, compose]) => [name, `${JSON.stringify(compose(), null, 2)}\n`]),
  );
}
