import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeInstances } from '../../../core/inference/batch.js';
import type { Instance } from '../../../core/manifest/manifest.js';
import { type Pool, withTransaction } from '../../../core/postgres/pool.js';
import { encodeRows } from '../../../core/preparation/prepare.js';
import { requestFields } from '../../../core/preparation/request-fields.js';
import { createWriteInputs } from '../../../core/preparation/stored-inputs.js';
import { loadProject } from '../../../core/project/load.js';
import { addModel } from '../../../core/project/register.js';
import { beginRollout, loadRollouts } from '../../../core/registry/rollouts.js';
import { loadVersion } from '../../../core/registry/versions.js';
import { answerInShadow } from '../../../trainer/rollout/shadow.js';
import { createDatabase } from '../../helpers/postgres.js';
import { EVENTS_YAML, eventRows, writeEventsProject } from '../../helpers/prepared-project.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let pool: Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = database.pool;
});
afterAll(() => database.drop());

async function addEvents(yaml: string, rise: number): Promise<number> {
  const project = await writeEventsProject({ yaml, rows: eventRows(400, 1, rise) });
  const version = await addModel(pool, await loadProject(project.folder), 'test');
  await project.remove();
  return version;
}

test('a challenger with other medians and another range has its own features and flags stored beside its answers', async () => {
  // Its medians are those of twice the prices; to it, a weekend is out of range.
  const to = await addEvents(EVENTS_YAML.replace('range: [1, 7]', 'range: [1, 5]'), 2);
  const from = await addEvents(EVENTS_YAML, 1);
  const [challenger, champion] = [await loadVersion(pool, 'events', to), await loadVersion(pool, 'events', from)];
  const policy = { shadowRows: 60, canaryShare: 0, canaryRows: 60 };
  const begun = { modelName: 'events', modelVersion: to, championVersion: from, policy, trainingRunId: null };
  await withTransaction(pool, (client) => beginRollout(client, { ...begun, reason: 'to try', by: 'alice' }));

  const instances = eventRows(60, 71).map(({ sold_out: _, ...instance }): Instance => instance);
  const { manifest } = champion!;
  const raw = encodeInstances({ features: requestFields(manifest) }, instances);
  const writeInputs = createWriteInputs(manifest.inputs!);
  for (const [i, instance] of instances.entries()) {
    const { numeric, categorical } = encodeRows(manifest, [instance]);
    const at = new Date();
    const id = uuidv7({ msecs: at.getTime() });
    await pool.query(
      `insert into predictions (prediction_id, requested_at, model_name, model_version, batch_id, source, numeric_features,
         categorical_features, raw_inputs, label, latency_us, request_id)
       values ($1, $2, 'events', $3, $1, 'live', $4, $5, $6, 'no', 100, $7)`,
      [id, at, from, toStored(numeric), categorical, writeInputs(raw, i), String(i)],
    );
    await pool.query(
      `insert into capture_batches (batch_id, model_name, model_version, row_count, live_row_count, first_requested_at, last_requested_at)
       values ($1, 'events', $2, 1, 1, $3, $3)`,
      [id, from, at],
    );
  }
  const [rollout] = await loadRollouts(pool, 'events');
  expect(await answerInShadow(pool, rollout!, challenger!)).toBe(60);

  const { rows } = await pool.query(
    `select numeric_features as numeric, categorical_features as categorical, out_of_range as flags, error_class as error
     from predictions where source = 'shadow' order by request_id::int`,
  );
  const weekday = challenger!.manifest.features
    .filter(({ type }) => type !== 'categorical')
    .findIndex(({ name }) => name === 'weekday');
  const own = instances.map((instance) => {
    const { numeric, categorical } = encodeRows(challenger!.manifest, [instance]);
    return { numeric: toStored(numeric), categorical, flags: numeric[weekday]! > 5 ? ['weekday'] : [], error: null };
  });
  expect(rows).toEqual(own);
  expect(new Set(rows.map(({ flags }) => flags.length))).toEqual(new Set([0, 1]));
  expect(rows.map(({ numeric }) => numeric)).not.toEqual(
    instances.map((instance) => toStored(encodeRows(manifest, [instance]).numeric)),
  );
});

function toStored(numeric: Float64Array): (number | null)[] {
  return Array.from(numeric, (value) => (Number.isNaN(value) ? null : value));
}
