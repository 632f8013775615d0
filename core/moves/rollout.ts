import type { Queryable } from '../postgres/pool.js';
import { assertSameRequests } from '../registry/assert-same-requests.js';
import { RefusedError } from '../registry/refused-error.js';
import { beginRollout, loadRollouts, type RolloutStage, withdrawRollout } from '../registry/rollouts.js';
import type { MovePlan } from './plan.js';
import { assertRows, requireChampion, requireVersion } from './require.js';

/** Share and rows of a stage where a person names none. */
export const STAGE_DEFAULTS = { rows: 500, share: 0.1 } as const;

/**
 * Plans to let a version answer in the shadow or for a share of the traffic before it may become the champion.
 * @param options.rows  it answers in the stage before it goes on, from 1 to 100,000
 * @param options.share  of the traffic, 0 to 0.5; 0 after the shadow: promoted at once
 * @throws RefusedError when share or rows are out of range, or the version cannot be tried as things are
 */
export async function planStage(
  db: Queryable,
  options: { first: RolloutStage; modelName: string; version: number; rows: number; share: number },
): Promise<MovePlan> {
  const { first, modelName, version: modelVersion, rows, share } = options;
  assertStage(options);
  await requireVersion(db, modelName, modelVersion);
  const { modelVersion: championVersion } = await requireChampion(db, modelName);
  if (championVersion === modelVersion) throw new RefusedError(`version ${modelVersion} is the champion`);
  const [open] = await loadRollouts(db, modelName);
  if (open) {
    throw new RefusedError(
      `${modelName} version ${open.modelVersion} is in its ${open.stage} stage; promote it or withdraw it first`,
    );
  }
  await assertSameRequests(db, { modelName, modelVersion, championVersion });
  const policy = { shadowRows: first === 'shadow' ? rows : 0, canaryShare: share, canaryRows: rows };
  const shadow = `version ${modelVersion} of ${modelName} answers ${rows} rows in the shadow: stored and compared, never returned`;
  const canary = `version ${modelVersion} of ${modelName} answers ${share * 100} % of the traffic for ${rows} rows`;
  return {
    modelName,
    changes: [
      ...(first === 'shadow' ? [shadow] : []),
      ...(share > 0 ? [first === 'shadow' ? `then ${canary}` : canary] : []),
      `then it becomes the champion in place of version ${championVersion}, unless it is found worse`,
    ],
    done: `${modelName} version ${modelVersion} is in its ${first} stage`,
    apply: async (client, { by, reason }) => {
      const rollout = { modelName, modelVersion, championVersion, policy, reason, trainingRunId: null, by };
      await beginRollout(client, rollout);
      return undefined;
    },
  };
}

function assertStage({ first, rows, share }: { first: RolloutStage; rows: number; share: number }): void {
  if (!(share >= 0 && share <= 0.5)) throw new RefusedError(`share is ${share}, wanted 0 to 0.5`);
  assertRows(rows, 1);
  if (first === 'canary' && share === 0) throw new RefusedError('a canary needs a share above 0');
}

/** Plans to end the shadow or canary stage of a model; the champion stays. @throws RefusedError when there is none */
export async function planWithdrawal(db: Queryable, modelName: string): Promise<MovePlan> {
  const [rollout] = await loadRollouts(db, modelName);
  if (!rollout) throw new RefusedError(`no version of ${modelName} is in a shadow or canary stage`);
  const { modelVersion, championVersion, stage, trainingRunId } = rollout;
  return {
    modelName,
    changes: [
      `version ${modelVersion} of ${modelName} leaves its ${stage} stage; version ${championVersion} stays the champion`,
      ...(trainingRunId === null ? [] : [`training run ${trainingRunId} ends as kept`]),
    ],
    done: `${modelName} version ${modelVersion} was withdrawn`,
    apply: async (client, { by, reason }) => {
      await withdrawRollout(client, rollout, by, reason);
      return undefined;
    },
  };
}
