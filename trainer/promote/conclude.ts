import type { RolloutPolicy } from '../../core/manifest/manifest.js';
import { retrainingLimits } from '../../core/manifest/retraining-limits.js';
import { type Client, withTransaction } from '../../core/postgres/pool.js';
import { lockModel } from '../../core/registry/lock-model.js';
import { beginRollout } from '../../core/registry/rollouts.js';
import { ChampionChangedError, loadChampion, type ModelVersion, promoteVersion } from '../../core/registry/versions.js';
import { inSpan } from '../../core/telemetry/in-span.js';
import { type Decision, decide } from '../compare/decide.js';
import type { EvaluatedComparison } from '../compare/evaluate.js';
import type { RetrainContext } from '../context.js';
import { noteState } from '../jobs/enter-state.js';
import { assertNotPaused } from '../jobs/guards.js';
import { auditStep, type Step, type TrainingRun, writeDecision, writeState } from '../jobs/runs.js';

/**
 * Acts on the comparison: promotes the candidate or begins its rollout, with the run's end in the same transaction, or leaves
 * the champion.
 * @throws ChampionChangedError  another promotion came first; nothing was changed
 * @throws TooSoon  the model was paused after the run had begun, and would change now; nothing was changed
 */
export async function conclude(
  context: RetrainContext,
  run: TrainingRun,
  champion: ModelVersion,
  candidateVersion: number,
  comparison: EvaluatedComparison,
): Promise<void> {
  const { retraining } = champion.manifest;
  const decided = decide(comparison, retraining);
  const step = stepOf(decided, retrainingLimits(retraining).rollout, run.trainingRunId, candidateVersion);
  if (step.state === 'promoted' || step.state === 'rolling-out') await assertNotPaused(context, run);
  await inSpan(
    step.state === 'promoted' ? 'promote' : 'conclude',
    attributes(champion, candidateVersion, decided),
    () =>
      withTransaction(context.pool, async (client) => {
        await lockModel(client, champion.modelName);
        await writeDecision(client, run.trainingRunId, decided);
        await writeState(client, run.trainingRunId, step);
        await move(client, { run, champion, candidateVersion, step });
        await auditStep(client, run, step);
      }),
  );
  noteState(context, run, step);
}

function attributes(
  champion: ModelVersion,
  candidateVersion: number,
  { decision }: Decision,
): Record<string, string | number> {
  return {
    'plumbline.model.name': champion.modelName,
    'plumbline.model.version': candidateVersion,
    'plumbline.decision': decision,
  };
}

/** Which state a decision puts the run into. A rollout without any stage is none. */
function stepOf(decided: Decision, rollout: RolloutPolicy | undefined, runId: string, candidate: number): Step {
  const { decision, reason, checks } = decided;
  const details = { decision, checks, candidateVersion: candidate };
  if (decision === 'keep') return { state: 'kept', reason, details };
  if (decision === 'ask') {
    const why = reason.includes('; but ') ? 'a check did not pass' : 'retraining.promotion is manual';
    const ways = `to promote it, run plumbline runs approve ${runId}; to turn it down, plumbline runs turn-down ${runId}`;
    const ask = `${reason}; ${why}: ${ways}`;
    return { state: 'awaiting-approval', reason: ask, details };
  }
  const staged = rollout !== undefined && (rollout.shadowRows > 0 || rollout.canaryShare > 0);
  return { state: staged ? 'rolling-out' : 'promoted', reason, details };
}

async function move(
  client: Client,
  {
    run,
    champion,
    candidateVersion,
    step,
  }: {
    run: TrainingRun;
    champion: ModelVersion;
    candidateVersion: number;
    step: Step;
  },
): Promise<void> {
  const { modelName, modelVersion } = champion;
  const { trainingRunId } = run;
  const { state, reason } = step;
  if (state === 'promoted') {
    const promotion = { modelName, toVersion: candidateVersion, expectedChampion: modelVersion, trainingRunId };
    await promoteVersion(client, { ...promotion, decidedBy: 'trainer', reason });
  }
  if (state !== 'rolling-out') return;
  const now = await loadChampion(client, modelName);
  if (now?.modelVersion !== modelVersion) {
    throw new ChampionChangedError(`${modelName}: the champion is version ${now?.modelVersion}, not ${modelVersion}`);
  }
  const policy = champion.manifest.retraining.rollout!;
  const begun = {
    modelName,
    modelVersion: candidateVersion,
    championVersion: modelVersion,
    policy,
    trainingRunId,
    reason,
  };
  await beginRollout(client, { ...begun, by: 'trainer' });
}
