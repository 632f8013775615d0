import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Command } from 'commander';
import type { Pool } from '../../core/postgres/pool.js';
import { loadProject, type ModelProject } from '../../core/project/load.js';
import { addModel } from '../../core/project/register.js';
import { trainProject } from '../../core/project/train-project.js';
import { storeTrainingRecord } from '../../core/project/training-record.js';
import { digestOf } from '../../core/registry/artefacts.js';
import { listModels, listVersions, loadChampion } from '../../core/registry/versions.js';
import { comparedWith } from '../compared-with.js';
import { importModel } from '../import-model.js';
import { withDatabase } from '../with-database.js';
import { addMoveCommands } from './model-moves.js';
import { prepareRows } from './prepare-rows.js';

/** `plumbline model …`: check, train, add and list, and what moves a champion. */
export function modelCommand(): Command {
  const command = new Command('model').description('check, train, register, promote, roll back, pause and list models');
  command
    .command('check')
    .description('check a model project and print what was inferred')
    .argument('<folder>', 'folder with model.yaml, model.onnx and reference.csv')
    .action(async (folder: string) => printProject(await loadProject(folder)));
  command
    .command('train')
    .description('train model.onnx from reference.csv with the training command of model.yaml')
    .argument('<folder>')
    .option('--seed <n>', 'seed of the training', Number, 1)
    .option('--force', 'write over a model.onnx that is there')
    .action(trainModel);
  command
    .command('prepare')
    .description('write the features that model.yaml makes of raw inputs, as the model is given them')
    .argument('<folder>')
    .requiredOption('--output <csv>', 'file to write')
    .option('--input <csv>', 'other rows than reference.csv; medians are those of reference.csv all the same')
    .action(async (folder: string, options: { input?: string; output: string }) => {
      console.log(`${options.output}: ${await prepareRows(folder, options)} rows`);
    });
  command
    .command('add')
    .description('check a model project and make it the model’s champion')
    .argument('<folder>')
    .action(async (folder: string) => {
      const project = await loadProject(folder);
      printProject(project);
      console.log(await withDatabase((pool) => addFromFolder(pool, project, folder), { migrated: true }));
    });
  command
    .command('import')
    .description('fetch the ONNX file of a model registered in MLflow into a model project')
    .argument('<source>', 'mlflow:NAME/VERSION or mlflow:NAME@ALIAS')
    .argument('<folder>', 'folder of the model project')
    .requiredOption('--mlflow <url>', 'address of the MLflow server')
    .option('--force', 'write over a model.onnx that is there', false)
    .action(async (source: string, folder: string, options: { mlflow: string; force: boolean }) => {
      console.log(await importModel(source, folder, options));
    });
  command
    .command('list')
    .description('list models and their versions')
    .action(() => withDatabase(printModels, { migrated: true }));
  addMoveCommands(command);
  return command;
}

async function trainModel(folder: string, options: { seed: number; force?: boolean }): Promise<void> {
  const file = join(folder, 'model.onnx');
  if (!options.force && existsSync(file)) {
    throw new Error(`${file} is there already; write over it with --force`, { cause: 'exists' });
  }
  const metrics = await trainProject(folder, options.seed, (text) => process.stderr.write(text));
  console.log(`wrote ${file}; on rows held out of the training:`);
  for (const [name, value] of Object.entries(metrics)) {
    if (typeof value === 'number') console.log(`  ${name}  ${Number(value.toPrecision(4))}`);
  }
}

/** Registers a project, and what its training tried. @returns what to tell */
async function addFromFolder(pool: Pool, project: ModelProject, folder: string): Promise<string> {
  const told = await addUnlessSame(pool, project);
  await storeTrainingRecord(pool, folder, project.manifest.name);
  return told;
}

/** Registers a project unless its champion is the very same. @returns what to tell */
async function addUnlessSame(pool: Pool, project: ModelProject): Promise<string> {
  const { name } = project.manifest;
  const champion = await loadChampion(pool, name);
  const same =
    champion?.modelDigest === digestOf(project.onnx) &&
    champion.referenceDigest === digestOf(project.referenceCsv) &&
    isDeepStrictEqual(champion.manifest, asStored(project.manifest)) &&
    champion.lineage.heldOutDigest === project.heldOut?.digest;
  if (champion && same) return `${name} is unchanged: version ${champion.modelVersion} stays the champion`;
  return `${name} version ${await addModel(pool, project, 'plumbline model add')} is the champion`;
}

/** What Postgres gives back of an object. */
function asStored(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}

function printProject(project: ModelProject): void {
  const { manifest, reference, heldOut, inferred } = project;
  console.log(
    `${manifest.name}: ${manifest.task}, ${manifest.features.length} features, ${reference.targets.length} reference rows: sound`,
  );
  for (const line of inferred) console.log(`  inferred  ${line}`);
  console.log(`  ${comparedWith(heldOut?.batch.rows)}`);
}

async function printModels(pool: Pool): Promise<void> {
  const models = await listModels(pool);
  if (models.length === 0) console.log('no models yet: plumbline model add FOLDER');
  for (const { modelName } of models) {
    for (const v of await listVersions(pool, modelName)) {
      console.log(
        `${modelName}@${v.modelVersion}  ${v.state.padEnd(9)}  ${v.createdAt.toISOString()}  ${v.modelDigest.slice(0, 19)}`,
      );
    }
  }
}
