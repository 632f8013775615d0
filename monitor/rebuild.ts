import { assertSchema } from '../core/postgres/migrate.js';
import { createPool } from '../core/postgres/pool.js';
import { listVersions } from '../core/registry/versions.js';
import type { RunningProcess } from '../core/run-process.js';
import type { Started } from '../core/telemetry/run-traced.js';
import { withModelLock } from './lock.js';
import type { MonitorSettings } from './settings.js';
import { rebuildSummaries } from './summarise/rebuild.js';
import { bucketSecondsOf } from './windows/bucket-lengths.js';

/** Counts the rows of every version of a model anew, and ends. @throws Error without such a model, or while another monitor works on it */
export async function rebuild(started: Started<MonitorSettings>, modelName: string): Promise<RunningProcess> {
  const { settings, logger } = started;
  const pool = createPool({
    connectionString: settings.DATABASE_URL,
    applicationName: 'plumbline-monitor-rebuild',
    onError: (error) => logger.warn({ err: error }, 'database connection lost'),
  });
  try {
    await assertSchema(pool);
    const versions = await listVersions(pool, modelName);
    if (versions.length === 0) throw new Error(`no model "${modelName}" is registered: write its name after --rebuild`);
    const held = await withModelLock(pool, modelName, async () => {
      for (const version of versions) {
        const bucketSeconds = await bucketSecondsOf(pool, version, settings.MONITOR_BUCKET_SECONDS);
        const rows = await rebuildSummaries({ pool, version, bucketSeconds });
        logger.info({ modelName, modelVersion: version.modelVersion, rows }, 'rows counted anew');
      }
    });
    if (!held) throw new Error(`another monitor works on ${modelName} just now: try again`);
  } finally {
    await pool.end();
    await started.tracing.close();
  }
  return { close: async () => undefined };
}
