import { withTransaction } from '../../core/postgres/pool.js';
import { type ModelVersion, promoteVersion } from '../../core/registry/versions.js';
import { inSpan } from '../../core/telemetry/in-span.js';
import type { Comparison } from '../compare/compare.js';
import { decide } from '../compare/decide.js';
import type { RetrainContext } from '../context.js';
import { enterState, noteState } from '../jobs/enter-state.js';
import { type TrainingRun, writeState } from '../jobs/runs.js';

/**
 * Acts on the comparison: promotes the candidate, with the run's end in the same transaction, or leaves the champion.
 * @throws ChampionChangedError  another promotion came first; nothing was changed
 */
export async function conclude(
  context: RetrainContext,
  run: TrainingRun,
  champion: ModelVersion,
  candidateVersion: number,
  comparison: Comparison,
): Promise<void> {
  const { decision, reason } = decide(comparison, champion.manifest.retraining);
  if (decision === 'keep') return enterState(context, run, 'kept', reason);
  if (decision === 'ask') {
    const ask = `${reason}; retraining.promotion is manual: to promote it, run plumbline model promote ${champion.modelName} ${candidateVersion}`;
    return enterState(context, run, 'awaiting-approval', ask);
  }
  const promotion = { 'plumbline.model.name': champion.modelName, 'plumbline.model.version': candidateVersion };
  await inSpan('promote', promotion, () =>
    withTransaction(context.pool, async (client) => {
      await promoteVersion(client, {
        modelName: champion.modelName,
        toVersion: candidateVersion,
        expectedChampion: champion.modelVersion,
        decidedBy: 'trainer',
        reason,
        trainingRunId: run.trainingRunId,
      });
      await writeState(client, run.trainingRunId, 'promoted', reason);
    }),
  );
  noteState(context, run, 'promoted', reason);
}
