import type { Queryable } from '../postgres/pool.js';
import { loadVersion } from '../registry/versions.js';
import { AUDIT_COLUMNS, type AuditRow } from './entry.js';

/** A version and everything that the trail has about it, oldest first. */
export interface VersionStory {
  modelVersion: number;
  parentVersion: number | null;
  modelDigest: string;
  entries: AuditRow[];
}

/**
 * The story of a version and of its parents, the version itself first: the run it came from, from the alert on, and each step
 * that was taken with it. @throws Error when there is no such version
 */
export async function loadLineage(db: Queryable, modelName: string, modelVersion: number): Promise<VersionStory[]> {
  const story: VersionStory[] = [];
  for (let number: number | null = modelVersion; number !== null; ) {
    const version = await loadVersion(db, modelName, number);
    if (!version)
      throw new Error(`${modelName} has no version ${number}; see "plumbline model list"`, { cause: 'version' });
    const { trainingRunId, parentVersion } = version.lineage;
    const { rows } = await db.query<AuditRow>(
      `select ${AUDIT_COLUMNS} from audit where model_name = $1 and (model_version = $2 or training_run_id = $3)
       order by sequence`,
      [modelName, number, trainingRunId ?? null],
    );
    const parent: number | null = typeof parentVersion === 'number' && parentVersion < number ? parentVersion : null;
    story.push({ modelVersion: number, parentVersion: parent, modelDigest: version.modelDigest, entries: rows });
    number = parent;
  }
  return story;
}
