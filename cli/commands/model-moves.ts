import type { Command } from 'commander';
import { planPause, planResume } from '../../core/moves/pause.js';
import type { PlanMove } from '../../core/moves/plan.js';
import { planPromotion, planRollback } from '../../core/moves/promote.js';
import { planRebaseline, REBASELINE_ROWS } from '../../core/moves/rebaseline.js';
import { planStage, planWithdrawal, STAGE_DEFAULTS } from '../../core/moves/rollout.js';
import { act, type MoveOptions } from '../moves/move.js';
import { withDatabase } from '../with-database.js';

type StageOptions = MoveOptions & { rows: number; share: number };

/** Adds promote, rollback, shadow, canary, withdraw, pause, resume and rebaseline to `plumbline model`. */
export function addMoveCommands(command: Command): void {
  const add = (name: string, description: string, version?: string): Command => {
    const sub = command.command(name).description(description).argument('<name>', 'name of the model');
    if (version) sub.argument('<version>', version, Number);
    return sub.option('--yes', 'do not ask').option('--reason <text>', 'why, for the record', 'by hand');
  };
  const number = 'version number, see "plumbline model list"';
  add('promote', 'make a registered version the champion, or an earlier one again', number).action(
    (name: string, version: number, options: MoveOptions) =>
      run('promote', (db) => planPromotion(db, name, version), options),
  );
  add('rollback', 'make the version that the champion replaced the champion again').action(
    (name: string, options: MoveOptions) => run('rollback', (db) => planRollback(db, name), options),
  );
  add('shadow', 'let a version answer in the shadow: stored and compared, never returned', number)
    .option('--rows <n>', 'live rows it answers before it goes on', Number, STAGE_DEFAULTS.rows)
    .option(
      '--share <share>',
      'share of the traffic it then answers; 0: promoted at once',
      Number,
      STAGE_DEFAULTS.share,
    )
    .action(runStage('shadow'));
  add('canary', 'let a version answer a share of the traffic', number)
    .option('--rows <n>', 'rows it answers before it is promoted', Number, STAGE_DEFAULTS.rows)
    .option('--share <share>', 'share of the traffic', Number, STAGE_DEFAULTS.share)
    .action(runStage('canary'));
  add('withdraw', 'end the shadow or canary stage of a model; the champion stays').action(
    (name: string, options: MoveOptions) => run('withdraw', (db) => planWithdrawal(db, name), options),
  );
  add('pause', 'let nothing happen to a model by itself: no retraining, no rollout, no rollback').action(
    (name: string, options: MoveOptions) => run('pause', (db) => planPause(db, name), options),
  );
  add('resume', 'end a pause').action((name: string, options: MoveOptions) =>
    run('resume', (db) => planResume(db, name), options),
  );
  add('rebaseline', 'take the present population as the reference of the unchanged model')
    .option('--rows <n>', 'newest live rows that make up the reference', Number, REBASELINE_ROWS)
    .action((name: string, options: MoveOptions & { rows: number }) => {
      if (options.reason === 'by hand') throw new Error('a new reference needs a --reason', { cause: 'reason' });
      return run('rebaseline', (db) => planRebaseline(db, name, options.rows), options);
    });
}

function runStage(first: 'shadow' | 'canary'): (name: string, version: number, options: StageOptions) => Promise<void> {
  return (modelName, version, options) => {
    const { rows, share } = options;
    return run(first, (db) => planStage(db, { first, modelName, version, rows, share }), options);
  };
}

async function run(name: string, plan: PlanMove, options: MoveOptions): Promise<void> {
  console.log(await withDatabase((pool) => act(pool, `model ${name}`, plan, options), { migrated: true }));
}
