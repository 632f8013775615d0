import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packagePath } from '../core/package-path.js';
import { renderDashboards } from './all.js';

for (const [name, text] of renderDashboards()) {
  await writeFile(join(packagePath('grafana/dashboards'), name), text);
}
