import { retrainingLimits } from '../../core/manifest/retraining-limits.js';
import { withTransaction } from '../../core/postgres/pool.js';
import { loadPause } from '../../core/registry/pause.js';
import { advanceRollout, loadRollouts, type Rollout, withdrawRollout } from '../../core/registry/rollouts.js';
import { loadVersion, type ModelVersion, promoteVersion } from '../../core/registry/versions.js';
import type { RolloutContext } from '../context.js';
import { type CompareLive, createCompareLive } from './evidence.js';
import { type Evidence, judgeStage } from './judge.js';
import { loadServed, loadShadowed, servedEvidence } from './served.js';
import { answerInShadow } from './shadow.js';
import { watchChampions } from './watch-champions.js';

/**
 * Creates a pass over all rollouts under way and all new champions: challengers answer in the shadow, stages are judged and
 * acted on, and a champion that breaks its bounds is rolled back. Two trainers may do it at once: each act is one transaction
 * that finds out whether it came too late. What fails is logged and tried again by the next pass.
 */
export function createRolloutPass(context: RolloutContext): () => Promise<void> {
  const compareLive = createCompareLive(context);
  return async () => {
    for (const rollout of await loadRollouts(context.pool)) {
      await judgeRollout(context, rollout, compareLive).catch((err: unknown) => {
        const { modelName, modelVersion } = rollout;
        context.logger.warn({ err, modelName, modelVersion }, 'a rollout could not be judged, trying again');
      });
    }
    await watchChampions(context, compareLive);
  };
}

async function judgeRollout(context: RolloutContext, rollout: Rollout, compareLive: CompareLive): Promise<void> {
  const { pool, logger, metrics } = context;
  const { modelName, modelVersion, championVersion, stage, policy } = rollout;
  if (await loadPause(pool, modelName)) return;
  const challenger = await loadVersion(pool, modelName, modelVersion);
  const champion = await loadVersion(pool, modelName, championVersion);
  if (!challenger || !champion) throw new Error(`${modelName} has lost version ${modelVersion} or ${championVersion}`);
  if (stage === 'shadow') await answerInShadow(pool, rollout, challenger);
  const evidence = await gatherEvidence(context, { rollout, challenger, champion, compareLive });
  const { watch } = retrainingLimits(champion.manifest.retraining);
  const { act, reason } = judgeStage(stage, evidence, policy, watch);
  // Of a stage that another trainer has ended meanwhile it says nothing any more.
  await pool.query('update rollouts set evidence = $2 where rollout_id = $1 and stage = $3 and ended_at is null', [
    rollout.rolloutId,
    evidence,
    stage,
  ]);
  if (act === 'wait') return;
  await withTransaction(pool, async (client) => {
    if (act === 'withdraw') return withdrawRollout(client, rollout, 'trainer', reason);
    if (act === 'advance') return advanceRollout(client, rollout, 'trainer', reason);
    const { trainingRunId } = rollout;
    const move = {
      modelName,
      toVersion: modelVersion,
      expectedChampion: championVersion,
      decidedBy: 'trainer',
      reason,
    };
    return promoteVersion(client, { ...move, ...(trainingRunId !== null && { trainingRunId }) });
  });
  metrics.rolloutActs.inc({ act });
  if (rollout.trainingRunId !== null && act !== 'advance') {
    metrics.runs.inc({ state: act === 'promote' ? 'promoted' : 'kept' });
  }
  logger.info({ modelName, modelVersion, stage, act, reason }, 'rollout');
}

async function gatherEvidence(
  { pool }: RolloutContext,
  options: { rollout: Rollout; challenger: ModelVersion; champion: ModelVersion; compareLive: CompareLive },
): Promise<Evidence> {
  const { rollout, challenger, champion, compareLive } = options;
  const { modelName, modelVersion, championVersion, stage, stageBeganAt: since } = rollout;
  const rowsOf = stage === 'shadow' ? championVersion : modelVersion;
  const comparison = await compareLive({ version: challenger, other: champion, rowsOf, since });
  if (stage === 'shadow') {
    const shadowed = await loadShadowed(pool, rollout);
    return { ...shadowed, medianLatencyUs: null, otherMedianLatencyUs: null, comparison };
  }
  const range = { modelName, from: since, to: undefined };
  const own = await loadServed(pool, { ...range, modelVersion, leastRows: rollout.policy.canaryRows });
  const other = await loadServed(pool, { ...range, modelVersion: championVersion });
  return servedEvidence(own, other, comparison);
}
