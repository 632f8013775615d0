import type { Pool } from '../../core/postgres/pool.js';
import { type ListedModel, listModels, loadVersion, type ModelVersion } from '../../core/registry/versions.js';
import type { Logger } from '../../core/telemetry/logger.js';
import type { LoadMetrics } from '../metrics/models.js';
import type { Champions } from './champions.js';
import type { ServingModel } from './serving-model.js';

type Role = 'champion' | 'canary';

/**
 * Makes the loaded champions and canaries those of the registry: each new one is loaded and warmed first, then swapped in.
 * A champion that cannot be loaded is logged and counted and leaves the previous version serving; a canary that cannot leaves
 * the champion serving everybody.
 */
export function createRefresh(options: {
  pool: Pool;
  champions: Champions;
  load: (version: ModelVersion) => Promise<ServingModel>;
  metrics: LoadMetrics;
  logger: Logger;
}): () => Promise<void> {
  const { pool, champions, metrics, logger } = options;
  /** What was logged for each model and role, so that a failure that stays the same is logged once. */
  const logged = new Map<string, string>();

  const loadOne = async (
    role: Role,
    name: string,
    number: number,
    use: (model: ServingModel) => void,
  ): Promise<void> => {
    const key = `${role} ${name}`;
    try {
      const version = await loadVersion(pool, name, number);
      if (!version) throw new Error(`the registry names version ${number} as ${role} of ${name} but does not hold it`);
      use(await options.load(version));
      metrics.loaded();
      logged.delete(key);
      logger.info({ modelName: name, modelVersion: number, role }, 'version loaded');
    } catch (err) {
      metrics.failed();
      const said = `${number} ${(err as Error).message}`;
      if (logged.get(key) !== said) {
        const serving = champions.get(name)?.version ?? null;
        const fields = { err, modelName: name, modelVersion: number, role, serving };
        logger.error(fields, 'version could not be loaded');
      }
      logged.set(key, said);
    }
  };
  const refreshCanary = async ({ modelName: name, championVersion, canary }: ListedModel): Promise<void> => {
    const now = champions.canary(name);
    // Beside another champion than it is held against it would be judged by the wrong answers.
    const wanted = champions.get(name)?.version === championVersion ? canary : null;
    if (wanted?.version === now?.version && wanted?.share === now?.share) return;
    if (!wanted) return champions.setCanary(name, undefined);
    const { share } = wanted;
    await loadOne('canary', name, wanted.version, (model) => champions.setCanary(name, { model, share }));
  };
  return async () => {
    const listed = await listModels(pool);
    const wanted = new Map(listed.map((row) => [row.modelName, row.championVersion]));
    for (const { name } of champions.list()) {
      if ((wanted.get(name) ?? null) === null) champions.remove(name);
    }
    for (const [name, number] of wanted) {
      if (number !== null && champions.get(name)?.version !== number)
        await loadOne('champion', name, number, champions.swap);
    }
    for (const model of listed) await refreshCanary(model);
    const names = [...wanted].filter(([, number]) => number !== null).map(([name]) => name);
    champions.setMissing(names.filter((name) => !champions.get(name)));
    champions.ready = true;
  };
}
