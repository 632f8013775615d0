import type { Pool } from '../../core/postgres/pool.js';
import { listModels, loadVersion, type ModelVersion } from '../../core/registry/versions.js';
import type { Logger } from '../../core/telemetry/logger.js';
import type { LoadMetrics } from '../metrics/models.js';
import type { Champions } from './champions.js';
import type { ServingModel } from './serving-model.js';

/**
 * Makes the loaded champions those of the registry: each new one is loaded and warmed first, then swapped in. What
 * cannot be loaded is logged and counted and leaves the previous version serving.
 */
export function createRefresh(options: {
  pool: Pool;
  champions: Champions;
  load: (version: ModelVersion) => Promise<ServingModel>;
  metrics: LoadMetrics;
  logger: Logger;
}): () => Promise<void> {
  const { pool, champions, metrics, logger } = options;
  /** What was logged for each model, so that a failure that stays the same is logged once. */
  const logged = new Map<string, string>();

  const loadOne = async (name: string, number: number): Promise<void> => {
    try {
      const version = await loadVersion(pool, name, number);
      if (!version) throw new Error(`the registry names version ${number} as champion of ${name} but does not hold it`);
      champions.swap(await options.load(version));
      metrics.loaded();
      logged.delete(name);
      logger.info({ modelName: name, modelVersion: number }, 'champion loaded');
    } catch (err) {
      metrics.failed();
      const said = `${number} ${(err as Error).message}`;
      if (logged.get(name) !== said) {
        const serving = champions.get(name)?.version ?? null;
        logger.error({ err, modelName: name, modelVersion: number, serving }, 'champion could not be loaded');
      }
      logged.set(name, said);
    }
  };
  return async () => {
    const wanted = new Map((await listModels(pool)).map((row) => [row.modelName, row.championVersion]));
    for (const { name } of champions.list()) {
      if ((wanted.get(name) ?? null) === null) champions.remove(name);
    }
    for (const [name, number] of wanted) {
      if (number !== null && champions.get(name)?.version !== number) await loadOne(name, number);
    }
    const names = [...wanted].filter(([, number]) => number !== null).map(([name]) => name);
    champions.setMissing(names.filter((name) => !champions.get(name)));
    champions.ready = true;
  };
}
