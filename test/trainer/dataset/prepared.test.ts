import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from 'simple-statistics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCsv } from '../../../core/csv.js';
import { loadProject } from '../../../core/project/load.js';
import { addModel } from '../../../core/project/register.js';
import { loadChampion } from '../../../core/registry/versions.js';
import { readTrainingInput, writeTrainingInput } from '../../../core/training/contract.js';
import type { RetrainContext } from '../../../trainer/context.js';
import { buildDataset } from '../../../trainer/dataset/build.js';
import { withoutRepeated } from '../../../trainer/dataset/split.js';
import type { TrainingRun } from '../../../trainer/jobs/runs.js';
import { freezeReference } from '../../../trainer/promote/freeze-reference.js';
import { createDatabase } from '../../helpers/postgres.js';
import { eventRows, writeEventsProject } from '../../helpers/prepared-project.js';
import { startTestService } from '../../service/harness.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let folder: string;
/** Prices have doubled since training. */
const recent = eventRows(300, 2, 2);
beforeAll(async () => {
  database = await createDatabase();
  folder = await mkdtemp(join(tmpdir(), 'plumbline-prepared-'));
  const project = await writeEventsProject();
  await addModel(database.pool, await loadProject(project.folder), 'test');
  await project.remove();
  const service = await startTestService(database.url);
  await service.ready();
  const answers = await service.post('/v1/models/events/predict', {
    instances: recent.map(({ sold_out: _, ...instance }) => instance),
  });
  await service.post('/v1/models/events/outcomes', {
    outcomes: answers.body.predictions.map(({ id }: { id: string }, i: number) => ({
      prediction_id: id,
      actual: recent[i]!.sold_out,
      observed_at: new Date().toISOString(),
    })),
  });
  await service.stored();
  await service.close();
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function build() {
  const champion = (await loadChampion(database.pool, 'events'))!;
  const run = {
    trainingRunId: '00000000-0000-7000-8000-000000000000',
    modelName: 'events',
    override: null,
  } as TrainingRun;
  const context = { pool: database.pool, settings: { TRAINER_SEED: 7 } } as unknown as RetrainContext;
  return { champion, dataset: await buildDataset(context, run, champion) };
}

test('learns from the raw inputs that were sent, with medians fitted anew on the training rows alone', async () => {
  const { champion, dataset } = await build();
  const { sold_out: truth, ...first } = recent[0]!;
  expect(dataset.recent.instances[0]).toEqual(first);
  expect(dataset.recent.targets[0]).toBe(truth);
  expect(dataset.heldOut.targets).toEqual(recent.slice(210).map((row) => row.sold_out));

  const medians = (manifest: typeof champion.manifest) =>
    manifest.features.find(({ name }) => name === 'price_over_kind')!.from!.medians!;
  const old = medians(champion.manifest);
  expect(old.byCategory.lecture).toBe(
    median(
      eventRows(400, 1)
        .filter(({ kind }) => kind === 'lecture')
        .map(({ price }) => price),
    ),
  );
  const fresh = medians(dataset.manifest);
  expect(fresh.byCategory.lecture).toBeGreaterThan(1.3 * old.byCategory.lecture!);

  // Whatever stands in the held-out rows, the medians are the same.
  await database.pool.query(
    `update predictions set raw_inputs[2] = '100000' where prediction_id in
       (select prediction_id from predictions order by prediction_id desc limit 90)`,
  );
  const spoiled = await build();
  expect(spoiled.dataset.heldOut.instances.map(({ price }) => price)).toEqual(Array(90).fill(100_000));
  expect(medians(spoiled.dataset.manifest)).toEqual(fresh);
});

test('no row with the features of a held-out one is learned from, whatever its texts are', async () => {
  const { champion, dataset } = await build();
  const { manifest } = champion;
  const rename = (title: string) => title.replaceAll('t', 'x');
  const heldOut = dataset.heldOut;
  const others = {
    instances: heldOut.instances.map((row) => ({ ...row, title: rename(String(row.title)) })),
    targets: heldOut.targets,
  };
  expect(others.instances.filter(({ title }, i) => title !== heldOut.instances[i]!.title).length).toBeGreaterThan(20);
  expect(withoutRepeated(manifest, others, heldOut).targets).toEqual([]);
  const longer = others.instances.map((row) => ({ ...row, title: `${row.title} once more again` }));
  expect(withoutRepeated(manifest, { ...others, instances: longer }, heldOut).targets.length).toBe(90);
});

test('a training command gets the features ready-made, and a new reference keeps the raw inputs', async () => {
  const { dataset } = await build();
  const { manifest, training } = dataset;
  await writeTrainingInput(folder, manifest, training, {
    ...{ modelName: 'events', seed: 1, parentVersion: 1, metric: 'log_loss' },
  });
  const { columns } = await readCsv(join(folder, 'dataset.csv'));
  expect(columns).toEqual([...manifest.features.map(({ name }) => name), 'sold_out', 'plumbline_weight']);
  const read = await readTrainingInput(folder);
  expect(read.manifest.inputs).toBeUndefined();
  expect(read.manifest.features.map(({ from }) => from)).toEqual(manifest.features.map(() => undefined));
  const { medians } = manifest.features.find(({ name }) => name === 'price_over_kind')!.from!;
  for (const [i, { price, kind }] of training.instances.entries()) {
    expect(read.rows.instances[i]!.price_over_kind).toBe(Number(price) - medians!.byCategory[String(kind)]!);
  }
  const labels = dataset.heldOut.targets;
  const rows = labels.length;
  const frozen = freezeReference(manifest, dataset, { rows, labels, probabilities: new Float32Array(2 * rows) });
  const [header] = frozen.referenceCsv.toString('utf8').split('\n');
  expect(header).toBe('title,price,cost,kind,free_drinks,announced,begins,sold_out');
  const subjects = frozen.referenceProfile.subjects.map(({ name }) => name);
  expect(subjects).toContain('price_over_kind');
  expect(subjects).not.toContain('begins');
});
