import { retrainingLimits } from '../../core/manifest/retraining-limits.js';
import { withTransaction } from '../../core/postgres/pool.js';
import { loadPause } from '../../core/registry/pause.js';
import { type ChampionMove, loadChampionMoves, rollBack } from '../../core/registry/roll-back.js';
import { loadVersion } from '../../core/registry/versions.js';
import type { RolloutContext } from '../context.js';
import type { CompareLive } from './evidence.js';
import { findFault } from './judge.js';
import { loadServed, servedEvidence } from './served.js';

/**
 * Rolls back each new champion that, within the watch period of its manifest, fails more, takes longer or does worse on
 * labelled rows than it may. The version before answers the same rows from what is stored, so worse means worse than that one
 * would have been now. Champions that were registered by hand, rolled back to or rebaselined are not watched.
 */
export async function watchChampions(context: RolloutContext, compareLive: CompareLive): Promise<void> {
  for (const move of await loadChampionMoves(context.pool)) {
    if (move.lastKind !== 'promotion' || move.fromVersion === null) continue;
    await watchChampion(context, move, move.fromVersion, compareLive).catch((err: unknown) => {
      const { modelName, modelVersion } = move;
      context.logger.warn({ err, modelName, modelVersion }, 'a new champion could not be judged, trying again');
    });
  }
}

async function watchChampion(
  { pool, logger, metrics, now }: RolloutContext,
  move: ChampionMove,
  fromVersion: number,
  compareLive: CompareLive,
): Promise<void> {
  const { modelName, modelVersion, promotedAt } = move;
  const version = await loadVersion(pool, modelName, modelVersion);
  const other = await loadVersion(pool, modelName, fromVersion);
  if (!version || !other) return;
  const { watch } = retrainingLimits(version.manifest.retraining);
  const endsAt = promotedAt.getTime() + watch.minutes * 60_000;
  if (now().getTime() >= endsAt || (await loadPause(pool, modelName))) return;
  const own = await loadServed(pool, { modelName, modelVersion, from: promotedAt, to: undefined });
  const before = await loadServed(pool, { modelName, modelVersion: fromVersion, from: new Date(0), to: promotedAt });
  const comparison = await compareLive({ version, other, rowsOf: modelVersion, since: promotedAt });
  const fault = findFault(servedEvidence(own, before, comparison), watch);
  if (fault === undefined) return;
  const reason = `rolled back within ${watch.minutes} minutes: ${fault}`;
  await withTransaction(pool, (client) =>
    rollBack(client, { modelName, expectedChampion: modelVersion, decidedBy: 'trainer', reason }),
  );
  metrics.rolloutActs.inc({ act: 'rollback' });
  logger.warn({ modelName, modelVersion, toVersion: fromVersion, reason }, 'champion rolled back');
}
