import { Command } from 'commander';
import type { Pool } from '../../core/postgres/pool.js';
import { overrideRun } from '../moves/override-run.js';
import { withDatabase } from '../with-database.js';

/** `plumbline runs …`: what the trainer did about alerts, and why. */
export function runsCommand(): Command {
  const command = new Command('runs').description('show retrainings and their reasons');
  command
    .command('list')
    .description('the newest retrainings first')
    .option('--model <name>', 'of one model only')
    .option('--limit <n>', 'at most so many', Number, 20)
    .action((options: { model?: string; limit: number }) =>
      withDatabase((pool) => printRuns(pool, options), { migrated: true }),
    );
  command
    .command('override')
    .description('let a run that waits pass the guards broken-data, cool-down and budget')
    .argument('<run>', 'id of the training run')
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--yes', 'do not ask')
    .action(async (run: string, options: { reason: string; yes?: boolean }) => {
      console.log(await withDatabase((pool) => overrideRun(pool, run, options), { migrated: true }));
    });
  return command;
}

async function printRuns(pool: Pool, options: { model?: string; limit: number }): Promise<void> {
  const { rows } = await pool.query(
    `select created_at as "createdAt", model_name as "modelName", champion_version as champion, alert_name as "alertName",
       training_run_id as id, state, candidate_version as candidate, reason
     from training_runs where $1::text is null or model_name = $1 order by created_at desc limit $2`,
    [options.model ?? null, options.limit],
  );
  if (rows.length === 0) console.log('no retrainings yet: none is started before an alert');
  for (const run of rows) {
    const versions = `${run.modelName}@${run.champion ?? '?'}${run.candidate === null ? '' : ` -> @${run.candidate}`}`;
    console.log(
      `${run.createdAt.toISOString()}  ${versions}  ${run.alertName}  ${run.state}  ${run.id}\n    ${run.reason}`,
    );
  }
}
