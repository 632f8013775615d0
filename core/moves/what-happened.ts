import { listRunAudit } from '../audit/list.js';
import type { Queryable } from '../postgres/pool.js';
import type { DecidedRun } from './require.js';

/** Since when and by whom a model has its champion, such as `wine version 2 is the champion since 2026-08-23T09:14:00.000Z, by ana: it is time`. */
export async function describeChampion(db: Queryable, modelName: string): Promise<string> {
  const { rows } = await db.query<{ champion: number | null; at: Date | null; by: string; reason: string }>(
    `select m.champion_version as champion, p.promoted_at as at, p.decided_by as by, p.reason
       from models m left join promotions p on p.model_name = m.model_name and p.to_version = m.champion_version
      where m.model_name = $1 order by p.promotion_id desc limit 1`,
    [modelName],
  );
  const [row] = rows;
  if (!row || row.champion === null) return `${modelName} has no champion`;
  const { champion, at, by, reason } = row;
  const since = at === null ? '' : ` since ${at.toISOString()}, by ${by}: ${reason}`;
  return `${modelName} version ${champion} is the champion${since}`;
}

/** What a person has said to a run that asked, by the state it is in since. */
const ANSWERS: Record<string, string> = { promoted: 'approved', kept: 'turned down' };

/** How and when a training run came into the state that it is in, and through whom, such as `run … was turned down at … by ana: not now`. */
export async function describeRun(db: Queryable, { trainingRunId, state }: DecidedRun): Promise<string> {
  const trail = await listRunAudit(db, trainingRunId);
  const entered = trail.findLast(({ action }) => action === `run.${state}`);
  if (!entered) return `run ${trainingRunId} is ${state}`;
  const { actor, recordedAt, details } = entered;
  const asked = trail.some(({ action }) => action === 'run.awaiting-approval');
  // After a rollout that a person allowed it is the trainer that promotes or keeps.
  const answer = asked && actor !== 'trainer' ? ANSWERS[state] : undefined;
  const how = answer ? `was ${answer} at` : `is ${state} since`;
  const { reason } = (details ?? {}) as { reason?: string };
  return `run ${trainingRunId} ${how} ${recordedAt.toISOString()} by ${actor}${reason ? `: ${reason}` : ''}`;
}
