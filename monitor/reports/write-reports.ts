import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from '../../core/postgres/pool.js';
import { loadChampions } from '../../core/registry/versions.js';
import type { Logger } from '../../core/telemetry/logger.js';
import { LATEST } from './asked-window.js';
import { loadReports } from './load-report.js';
import { reportPage } from './page.js';
import { REPORT_KINDS } from './report.js';

/**
 * Writes every report of every champion on its newest window, as page and as JSON:
 * `FOLDER/MODEL/2026-01-15T06-00-00Z-data-drift.html`. A model that fails is logged, and does not keep the others from theirs.
 */
export async function writeReports(options: {
  pool: Pool;
  folder: string;
  windowRows: number | undefined;
  logger: Logger;
  now: Date;
}): Promise<void> {
  const { pool, folder, windowRows, logger, now } = options;
  const stamp = `${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
  const champions = await loadChampions(pool).catch((err: Error) => {
    logger.error({ err }, 'reports not written');
    return [];
  });
  for (const version of champions) {
    const { modelName } = version;
    try {
      const reports = await loadReports({ db: pool, version, asked: LATEST, windowRows, now });
      const own = join(folder, modelName);
      await mkdir(own, { recursive: true });
      for (const kind of REPORT_KINDS) {
        await writeWhole(join(own, `${stamp}-${kind}.json`), `${JSON.stringify(reports[kind], null, 2)}\n`);
        await writeWhole(join(own, `${stamp}-${kind}.html`), reportPage(reports[kind]).text);
      }
      logger.info({ modelName, folder: own }, 'reports written');
    } catch (err) {
      logger.error({ err, modelName }, 'reports not written');
    }
  }
}

/** Under its name only once it is whole: nobody reads half a report. */
async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
}
