import { Command } from 'commander';
import { validate as isUuid } from 'uuid';
import { planApproval, planTurningDown } from '../../core/moves/decide-run.js';
import { planOverride } from '../../core/moves/override-run.js';
import type { PlanMove } from '../../core/moves/plan.js';
import type { Pool, Queryable } from '../../core/postgres/pool.js';
import { type Experiment, listExperiments, listTrials, loadExperiment } from '../../core/registry/experiments.js';
import { act, type MoveOptions } from '../moves/move.js';
import { compareExperiments, describeExperiment, describeTrials } from '../runs/describe.js';
import { withDatabase } from '../with-database.js';

/** `plumbline runs …`: what the trainer did about alerts, and why; what was tried, and how it went. */
export function runsCommand(): Command {
  const command = new Command('runs').description('show retrainings, their reasons and what was tried in them');
  command
    .command('list')
    .description('the newest retrainings first')
    .option('--model <name>', 'of one model only')
    .option('--limit <n>', 'at most so many', Number, 20)
    .action((options: { model?: string; limit: number }) =>
      withDatabase((pool) => printRuns(pool, options), { migrated: true }),
    );
  addDecision(
    command,
    'override',
    'let a run that waits pass the guards broken-data, cool-down and budget',
    planOverride,
  );
  addDecision(command, 'approve', 'promote the challenger of a run that waits for a person', planApproval);
  addDecision(
    command,
    'turn-down',
    'leave the champion, though the challenger of a run waits for a person',
    planTurningDown,
  );
  command
    .command('show')
    .description('what was tried in a training, trial by trial')
    .argument('<id>', 'of a retraining or of an experiment, see "plumbline runs list"')
    .action((id: string) => withDatabase((pool) => printExperiment(pool, id), { migrated: true }));
  command
    .command('compare')
    .description('trainings side by side: data, code, budgets, best trial and metrics')
    .argument('<ids...>', 'of retrainings or experiments, at least two')
    .action((ids: string[]) => withDatabase((pool) => printComparison(pool, ids), { migrated: true }));
  return command;
}

/** Adds a command that decides about one run. */
function addDecision(
  command: Command,
  name: string,
  description: string,
  plan: (db: Queryable, trainingRunId: string) => ReturnType<PlanMove>,
): void {
  command
    .command(name)
    .description(description)
    .argument('<run>', 'id of the training run')
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--yes', 'do not ask')
    .action(async (run: string, options: MoveOptions) => {
      const decide = (pool: Pool) => act(pool, `runs ${name}`, (db) => plan(db, run), options);
      console.log(await withDatabase(decide, { migrated: true }));
    });
}

async function printRuns(pool: Pool, options: { model?: string; limit: number }): Promise<void> {
  const { rows } = await pool.query(
    `select training_run_id as id, created_at as "createdAt", model_name as "modelName", champion_version as champion,
       alert_name as "alertName", state, candidate_version as candidate, reason
     from training_runs where $1::text is null or model_name = $1 order by created_at desc limit $2`,
    [options.model ?? null, options.limit],
  );
  if (rows.length === 0) console.log('no retrainings yet: none is started before an alert');
  for (const run of rows) {
    const versions = `${run.modelName}@${run.champion ?? '?'}${run.candidate === null ? '' : ` -> @${run.candidate}`}`;
    console.log(`${run.createdAt.toISOString()}  ${versions}  ${run.alertName}  ${run.state}\n    ${run.reason}`);
    console.log(`    ${run.id}`);
  }
  const { model: modelName, limit } = options;
  const byHand = await listExperiments(pool, { modelName, trainingRunId: null, limit });
  for (const { startedAt, modelName, command, state, experimentId } of byHand) {
    console.log(
      `${startedAt.toISOString()}  ${modelName}  trained by hand  ${state}\n    ${command}\n    ${experimentId}`,
    );
  }
}

async function printExperiment(pool: Pool, id: string): Promise<void> {
  const experiment = await findExperiment(pool, id);
  for (const line of describeExperiment(experiment)) console.log(line);
  for (const line of describeTrials(await listTrials(pool, experiment.experimentId))) console.log(line);
  if (experiment.modelCard !== null) console.log(`\n${experiment.modelCard}`);
}

async function printComparison(pool: Pool, ids: string[]): Promise<void> {
  if (ids.length < 2)
    throw new Error('give the ids of at least two trainings, see "plumbline runs list"', { cause: ids });
  const recorded = [];
  for (const id of ids) {
    const experiment = await findExperiment(pool, id);
    recorded.push({ experiment, trials: await listTrials(pool, experiment.experimentId) });
  }
  for (const line of compareExperiments(recorded)) console.log(line);
}

async function findExperiment(pool: Pool, id: string): Promise<Experiment> {
  const experiment = isUuid(id) ? await loadExperiment(pool, id) : undefined;
  if (experiment) return experiment;
  throw new Error(`"${id}" is no training on record; ids are in "plumbline runs list"`, { cause: 'id' });
}
