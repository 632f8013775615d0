import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Pool, withTransaction } from '../../../core/postgres/pool.js';
import { loadProject } from '../../../core/project/load.js';
import { buildReferenceProfile } from '../../../core/reference/profile.js';
import { loadChampion, promoteVersion, registerVersion } from '../../../core/registry/versions.js';
import { createMetrics } from '../../../trainer/metrics.js';
import { createRolloutPass } from '../../../trainer/rollout/pass.js';
import { createDatabase } from '../../helpers/postgres.js';
import { writeSmallProject } from '../../helpers/project.js';
import { addLabelled, addSmallModel } from '../harness.js';

/** A trainer's passes over rollouts and champions, with a database for the file and models that they look after. */
export function setStage() {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  const metrics = createMetrics();
  const problems: unknown[] = [];
  beforeAll(async () => {
    database = await createDatabase();
  });
  beforeEach(() => problems.splice(0));
  afterAll(() => database.drop());
  const silent = (): void => undefined;
  const logger = { debug: silent, info: silent, error: silent, warn: (fields: object) => problems.push(fields) };

  /** A pass of a trainer with a pool of its own. */
  const passOn = (pool: Pool): (() => Promise<void>) =>
    createRolloutPass({ pool, logger, metrics, now: () => new Date(), settings: { TRAINER_SEED: 1 } } as never);

  /** A model whose champion is version 1, and a version 2 that is the same but for what `change` does to its manifest. */
  async function addTwo(name: string, retraining: Record<string, unknown> = {}): Promise<{ from: number; to: number }> {
    const from = await addSmallModel(database.pool, name, retraining);
    const project = await writeSmallProject(({ manifest }) => {
      manifest.name = name;
      manifest.retraining = { minimumOutcomes: 400, ...retraining };
    });
    const { manifest, onnx, referenceCsv, batch, predictions } = await loadProject(project.folder);
    await project.remove();
    const referenceProfile = buildReferenceProfile(manifest, batch, predictions);
    return { from, to: await registerVersion(database.pool, { manifest, onnx, referenceCsv, referenceProfile }) };
  }

  /** Live rows of a version with their outcomes, as the shipper would note them. */
  async function serve(
    name: string,
    version: number,
    rows: Parameters<typeof addLabelled>[1]['rows'],
    set = '',
  ): Promise<void> {
    const endsAt = Date.now() + rows.length * 1_000;
    await addLabelled(database.pool, { name, version, rows, endsAt });
    const mine = `model_name = $1 and model_version = $2 and source = 'live'`;
    if (set !== '') await database.pool.query(`update predictions set ${set} where ${mine}`, [name, version]);
    await database.pool.query(
      `insert into capture_batches (batch_id, model_name, model_version, row_count, live_row_count, first_requested_at, last_requested_at)
       select prediction_id, model_name, model_version, 1, 1, requested_at, requested_at from predictions where ${mine}
       on conflict do nothing`,
      [name, version],
    );
  }

  function move(name: string, toVersion: number, expectedChampion: number): Promise<void> {
    const promotion = { modelName: name, toVersion, expectedChampion, decidedBy: 'trainer', reason: 'better' };
    return withTransaction(database.pool, (client) => promoteVersion(client, promotion));
  }

  return {
    get pool() {
      return database.pool;
    },
    pass: () => passOn(database.pool)(),
    champion: async (name: string) => (await loadChampion(database.pool, name))!.modelVersion,
    metrics,
    problems,
    passOn,
    addTwo,
    serve,
    move,
  };
}
