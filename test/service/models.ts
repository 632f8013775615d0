import { encodeInstances } from '../../core/inference/batch.js';
import { inferAll } from '../../core/inference/infer-all.js';
import { loadOnnxModel, openOnnxFile } from '../../core/inference/onnx-session.js';
import { categoricalFeatures, type Manifest } from '../../core/manifest/manifest.js';
import { parseManifest } from '../../core/manifest/parse.js';
import { type Pool, withTransaction } from '../../core/postgres/pool.js';
import type { Problem } from '../../core/problems.js';
import { readLabelledRows } from '../../core/project/reference.js';
import { resolveManifest } from '../../core/project/resolve.js';
import { createRandom } from '../../core/random.js';
import { buildReferenceProfile } from '../../core/reference/profile.js';
import { type NewVersion, promoteVersion, registerVersion } from '../../core/registry/versions.js';
import type { Column } from '../../trainer/builtin/dataset.js';
import { train } from '../../trainer/builtin/train.js';

type Row = { [column: string]: string };

/** A classifier of three numbers into three classes: one range is flagged, one rejected, one feature may be missing. */
export const FLOWERS_YAML = `
name: flowers
description: Kind of a flower from its size
task: multiclass
target: kind
classes: [iris, rose, tulip]
features:
  - { name: length, type: numeric, unit: cm, range: [0, 10], description: Length of the petal. }
  - { name: width, type: numeric, unit: cm, range: [0, 5], outOfRange: reject }
  - { name: depth, type: numeric, missing: true }
`;

/** A regression over all feature types, one tensor a column: one category list is flagged, one rejected. */
export const HOUSES_YAML = `
name: houses
task: regression
target: price
features:
  - { name: area, type: numeric, unit: m2, range: [10, 500] }
  - { name: garden, type: boolean }
  - { name: district, type: categorical, missing: true }
  - { name: "heating/type", type: categorical, categories: [gas, oil, "heat \\"pump\\""], unseen: reject }
`;

function flowerRows(seed: number): Row[] {
  const random = createRandom(seed);
  return Array.from({ length: 300 }, () => {
    const [length, width, depth] = [random.next() * 10, random.next() * 5, random.next() * 3];
    const kind = length > 5 ? 'tulip' : width > 2.5 ? 'rose' : 'iris';
    return { length: String(length), width: String(width), depth: String(depth), kind };
  });
}

function houseRows(seed: number): Row[] {
  const random = createRandom(seed);
  const pick = (from: string[]): string => from[random.integer(from.length)]!;
  return Array.from({ length: 300 }, () => {
    const area = 10 + random.next() * 490;
    const [district, garden] = [pick(['north', 'south', 'old town']), pick(['true', 'false'])];
    const price = area * (district === 'old town' ? 3 : 1) + (garden === 'true' ? 100 : 0);
    const heating = pick(['gas', 'oil', 'heat "pump"']);
    return { area: String(area), garden, district, 'heating/type': heating, price: String(price) };
  });
}

/** A flower model; other seeds give other data and so other answers. */
export function flowers(seed = 1, yaml = FLOWERS_YAML): Promise<NewVersion> {
  return trainVersion(yaml, flowerRows(seed), seed);
}

/** A house model. */
export function houses(seed = 1): Promise<NewVersion> {
  return trainVersion(HOUSES_YAML, houseRows(seed), seed);
}

/** Trains a small model with the built-in learner and makes a version to register of it. */
export async function trainVersion(yaml: string, rows: Row[], seed: number): Promise<NewVersion> {
  const problems: Problem[] = [];
  const source = parseManifest(yaml);
  const table = { columns: Object.keys(rows[0]!), rows };
  const untrained = resolveManifest(source, undefined, table, problems).manifest;
  const labelled = readLabelledRows(table, untrained, 'reference.csv', problems);
  const batch = encodeInstances(untrained, labelled.instances);
  const target = labelled.targets.map((t) =>
    untrained.task === 'regression' ? Number(t) : untrained.classes.indexOf(t),
  );
  const { onnx } = train({
    dataset: {
      rows: rows.length,
      columns: toColumns(untrained, batch),
      target: Float64Array.from(target),
      weights: new Float64Array(rows.length).fill(1),
    },
    task: untrained.task,
    classes: untrained.classes,
    seed,
    parameters: { iterations: 30 },
  });
  const file = await openOnnxFile(onnx);
  const { manifest } = resolveManifest(source, file, table, problems);
  await file.release();
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const model = await loadOnnxModel(onnx, manifest);
  const referenceProfile = buildReferenceProfile(manifest, batch, await inferAll(model, manifest, batch));
  await model.release();
  return { manifest, onnx, referenceCsv: Buffer.from(''), referenceProfile, metrics: { rows: rows.length } };
}

function toColumns(manifest: Manifest, batch: ReturnType<typeof encodeInstances>): Column[] {
  const texts = categoricalFeatures(manifest).length;
  const numbers = manifest.features.length - texts;
  let n = 0;
  let c = 0;
  return manifest.features.map((feature): Column => {
    const rows = Array.from({ length: batch.rows }, (_, row) => row);
    if (feature.type !== 'categorical') {
      const at = n++;
      const values = Float64Array.from(rows, (row) => batch.numeric[row * numbers + at]!);
      return { name: feature.name, type: 'numeric', values };
    }
    const at = c++;
    const code = (row: number): number => feature.categories.indexOf(batch.categorical[row * texts + at] ?? '');
    return {
      name: feature.name,
      type: 'categorical',
      categories: feature.categories,
      codes: Int32Array.from(rows, code),
    };
  });
}

/** Registers a version and makes it the champion. @returns its number */
export async function promote(pool: Pool, version: NewVersion): Promise<number> {
  const toVersion = await registerVersion(pool, version);
  await moveTo(pool, version.manifest.name, toVersion);
  return toVersion;
}

/** Moves the champion pointer to a registered version. */
export async function moveTo(pool: Pool, modelName: string, toVersion: number): Promise<void> {
  await withTransaction(pool, async (client) => {
    const { rows } = await client.query('select champion_version as champion from models where model_name = $1', [
      modelName,
    ]);
    const expectedChampion = rows[0].champion as number | null;
    await promoteVersion(client, { modelName, toVersion, expectedChampion, decidedBy: 'test', reason: 'test' });
  });
}
