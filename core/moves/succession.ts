import type { Queryable } from '../postgres/pool.js';
import { findDifferences } from '../registry/assert-same-requests.js';
import { loadRollouts } from '../registry/rollouts.js';
import type { ModelVersion } from '../registry/versions.js';

/** What changes, in words, when `to` becomes the champion in place of `from`; undefined where there is no champion. */
export async function successionChanges(
  db: Queryable,
  { from, to }: { from: ModelVersion | undefined; to: ModelVersion },
): Promise<string[]> {
  const { modelName, modelVersion } = to;
  const champion = `version ${modelVersion} becomes the champion of ${modelName}`;
  if (!from) return [`${champion}, which has none: requests are answered from now on`];
  const differences = findDifferences(from.manifest, to.manifest);
  return [
    `${champion} in place of version ${from.modelVersion}: requests are answered by it from now on`,
    `version ${from.modelVersion} is retired, and stays for a rollback`,
    ...(differences.length > 0 ? [`callers have to know: version ${modelVersion} has ${differences.join(', ')}`] : []),
    ...(await endOfRollout(db, to)),
    ...(await endOfRuns(db, to)),
  ];
}

async function endOfRollout(db: Queryable, { modelName, modelVersion }: ModelVersion): Promise<string[]> {
  const [rollout] = await loadRollouts(db, modelName);
  if (!rollout) return [];
  const { stage, modelVersion: challenger } = rollout;
  if (challenger === modelVersion) return [`its ${stage} stage ends before it has shown what it was to show`];
  return [`version ${challenger} leaves its ${stage} stage and is withdrawn`];
}

async function endOfRuns(db: Queryable, { modelName, modelVersion }: ModelVersion): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select training_run_id as id from training_runs
     where model_name = $1 and candidate_version = $2 and state in ('awaiting-approval', 'rolling-out') order by id`,
    [modelName, modelVersion],
  );
  return rows.map(({ id }) => `training run ${id} ends as promoted`);
}
