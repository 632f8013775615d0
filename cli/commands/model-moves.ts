import type { Command } from 'commander';
import type { Pool } from '../../core/postgres/pool.js';
import { pauseModel, resumeModel } from '../../core/registry/pause.js';
import { rebaseline } from '../../core/registry/rebaseline.js';
import { loadChampionMoves, rollBack } from '../../core/registry/roll-back.js';
import { beginRollout, loadRollouts, withdrawRollout } from '../../core/registry/rollouts.js';
import { promoteVersion } from '../../core/registry/versions.js';
import { act, type MoveOptions, requireChampion, requireVersion } from '../moves/move.js';
import { withDatabase } from '../with-database.js';

/** Adds promote, rollback, shadow, canary, withdraw, pause, resume and rebaseline to `plumbline model`. */
export function addMoveCommands(command: Command): void {
  const add = (name: string, description: string, version?: string): Command => {
    const sub = command.command(name).description(description).argument('<name>', 'name of the model');
    if (version) sub.argument('<version>', version, Number);
    return sub.option('--yes', 'do not ask').option('--reason <text>', 'why, for the record', 'by hand');
  };
  const number = 'version number, see "plumbline model list"';
  add('promote', 'make a registered version the champion, or an earlier one again', number).action(run(promote));
  add('rollback', 'make the version that the champion replaced the champion again').action(run(rollback));
  add('shadow', 'let a version answer in the shadow: stored and compared, never returned', number)
    .option('--rows <n>', 'live rows it answers before it goes on', Number, 500)
    .option('--share <share>', 'share of the traffic it then answers; 0: promoted at once', Number, 0.1)
    .action(run(stage('shadow')));
  add('canary', 'let a version answer a share of the traffic', number)
    .option('--rows <n>', 'rows it answers before it is promoted', Number, 500)
    .option('--share <share>', 'share of the traffic', Number, 0.1)
    .action(run(stage('canary')));
  add('withdraw', 'end the shadow or canary stage of a model; the champion stays').action(run(withdraw));
  add('pause', 'let nothing happen to a model by itself: no retraining, no rollout, no rollback').action(run(pause));
  add('resume', 'end a pause').action(run(resume));
  add('rebaseline', 'take the present population as the reference of the unchanged model')
    .option('--rows <n>', 'newest live rows that make up the reference', Number, 5_000)
    .action(run(rebase));
}

type Move<T extends unknown[]> = (pool: Pool, name: string, ...rest: T) => Promise<string>;

function run<T extends unknown[]>(move: Move<T>): (name: string, ...rest: T) => Promise<void> {
  return async (name, ...rest) => {
    console.log(await withDatabase((pool) => move(pool, name, ...rest), { migrated: true }));
  };
}

const promote: Move<[number, MoveOptions]> = async (pool, modelName, toVersion, options) => {
  const champion = await requireVersion(pool, modelName, toVersion).then(() => loadNumber(pool, modelName));
  const done = `${modelName} version ${toVersion} is the champion`;
  if (champion === toVersion) return done;
  const changes = [`champion of ${modelName}: version ${champion ?? 'none'} -> ${toVersion}`];
  await act(pool, { ...options, command: 'model promote', changes }, (client, decidedBy) =>
    promoteVersion(client, { modelName, toVersion, expectedChampion: champion, decidedBy, reason: options.reason }),
  );
  return done;
};

async function loadNumber(pool: Pool, modelName: string): Promise<number | null> {
  const { rows } = await pool.query<{ champion: number | null }>(
    'select champion_version as champion from models where model_name = $1',
    [modelName],
  );
  return rows[0]?.champion ?? null;
}

const rollback: Move<[MoveOptions]> = async (pool, modelName, options) => {
  const { modelVersion } = await requireChampion(pool, modelName);
  const [move] = await loadChampionMoves(pool, modelName);
  if (!move || move.fromVersion === null) {
    throw new Error(`version ${modelVersion} of ${modelName} replaced no other; there is none to go back to`, {
      cause: 'version',
    });
  }
  const changes = [`champion of ${modelName}: version ${modelVersion} -> ${move.fromVersion}, the one before`];
  await act(pool, { ...options, command: 'model rollback', changes }, async (client, decidedBy) => {
    await rollBack(client, { modelName, expectedChampion: modelVersion, decidedBy, reason: options.reason });
  });
  return `${modelName} version ${move.fromVersion} is the champion`;
};

function stage(first: 'shadow' | 'canary'): Move<[number, MoveOptions & { rows: number; share: number }]> {
  return async (pool, modelName, modelVersion, options) => {
    const { rows, share, reason } = options;
    if (!(share >= 0 && share <= 0.5)) throw new Error(`--share is ${share}, wanted 0 to 0.5`, { cause: 'share' });
    if (!(Number.isInteger(rows) && rows > 0))
      throw new Error(`--rows is ${rows}, wanted 1 or more`, { cause: 'rows' });
    if (first === 'canary' && share === 0) throw new Error('a canary needs a --share above 0', { cause: 'share' });
    await requireVersion(pool, modelName, modelVersion);
    const champion = (await requireChampion(pool, modelName)).modelVersion;
    if (champion === modelVersion) throw new Error(`version ${modelVersion} is the champion`, { cause: 'version' });
    const policy = { shadowRows: first === 'shadow' ? rows : 0, canaryShare: share, canaryRows: rows };
    const then = share > 0 ? `answers ${share * 100} % of the traffic for ${rows} rows, then` : '';
    const changes = [
      ...(first === 'shadow'
        ? [`version ${modelVersion} of ${modelName} answers ${rows} rows in the shadow, then`]
        : []),
      ...(then === '' ? [] : [`version ${modelVersion} of ${modelName} ${then}`]),
      `champion of ${modelName}: version ${champion} -> ${modelVersion}, unless it is found worse`,
    ];
    await act(pool, { ...options, command: `model ${first}`, changes }, async (client, by) => {
      const rollout = { modelName, modelVersion, championVersion: champion, policy, reason, trainingRunId: null, by };
      await beginRollout(client, rollout);
    });
    return `${modelName} version ${modelVersion} is in its ${first} stage`;
  };
}

const withdraw: Move<[MoveOptions]> = async (pool, modelName, options) => {
  const [rollout] = await loadRollouts(pool, modelName);
  if (!rollout) throw new Error(`no version of ${modelName} is in a shadow or canary stage`, { cause: 'rollout' });
  const { modelVersion } = rollout;
  const changes = [`version ${modelVersion} of ${modelName} leaves its ${rollout.stage} stage; the champion stays`];
  await act(pool, { ...options, command: 'model withdraw', changes }, (client, by) =>
    withdrawRollout(client, rollout, by, options.reason),
  );
  return `${modelName} version ${modelVersion} was withdrawn`;
};

const pause: Move<[MoveOptions]> = async (pool, modelName, options) => {
  const changes = [`${modelName}: no retraining, no rollout and no rollback happens by itself until it is resumed`];
  await act(pool, { ...options, command: 'model pause', changes }, (client, by) =>
    pauseModel(client, modelName, { by, reason: options.reason }),
  );
  return `${modelName} is paused`;
};

const resume: Move<[MoveOptions]> = async (pool, modelName, options) => {
  const changes = [`${modelName}: retraining, rollouts and rollbacks happen by themselves again`];
  await act(pool, { ...options, command: 'model resume', changes }, (client, by) =>
    resumeModel(client, modelName, { by, reason: options.reason }),
  );
  return `${modelName} goes on`;
};

const rebase: Move<[MoveOptions & { rows: number }]> = async (pool, modelName, options) => {
  const champion = await requireChampion(pool, modelName);
  if (options.reason === 'by hand') throw new Error('a new reference needs a --reason', { cause: 'reason' });
  const changes = [
    `champion of ${modelName}: version ${champion.modelVersion} -> a new version of the same model`,
    `its reference is the newest ${options.rows} live rows, none of a window that looks like broken data: drift is told from those, and present alerts end`,
  ];
  let version = 0;
  await act(pool, { ...options, command: 'model rebaseline', changes }, async (client, decidedBy) => {
    version = await rebaseline(client, { champion, rows: options.rows, decidedBy, reason: options.reason });
  });
  return `${modelName} version ${version} is the champion: the model of version ${champion.modelVersion} with the present population as its reference`;
};
