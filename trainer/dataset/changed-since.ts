import type { Queryable } from '../../core/postgres/pool.js';
import { findDriftedSince } from '../../core/registry/drift-streak.js';
import { findPerformanceFellSince } from '../../core/registry/performance-streak.js';
import type { ModelVersion } from '../../core/registry/versions.js';

/** From when on rows are of what is to be learned, and what tells so. */
export interface Change {
  since: Date;
  kind: 'drift' | 'performance';
}

/**
 * The later of two changes: of the population (a drift under way) and of what the same features mean (a loss of performance
 * under way, by outcomes). Rows from between the two are of only one of them: after a drift that did no harm for weeks they
 * hold truths that are no longer true, and before one they are of a population that is gone. Whichever alert began a run, it
 * learns from the same rows, as of several alerts at once any may come first. Undefined where neither is under way.
 */
export async function findChange(
  db: Queryable,
  champion: Pick<ModelVersion, 'modelName' | 'modelVersion' | 'manifest'>,
): Promise<Change | undefined> {
  const drifted = await findDriftedSince(db, champion);
  const fell = await findPerformanceFellSince(db, champion);
  if (fell && (!drifted || fell > drifted)) return { since: fell, kind: 'performance' };
  return drifted && { since: drifted, kind: 'drift' };
}
