import { parseCsv } from '../../core/csv.js';
import type { Queryable } from '../../core/postgres/pool.js';
import { type Problem, ProblemsError } from '../../core/problems.js';
import { type LabelledRows, readLabelledRows } from '../../core/project/reference.js';
import { getArtefact } from '../../core/registry/artefacts.js';
import type { ModelVersion } from '../../core/registry/versions.js';

/** The rows of a version's frozen reference. @throws ProblemsError when they no longer fit its manifest */
export async function loadReferenceRows(db: Queryable, version: ModelVersion): Promise<LabelledRows> {
  const name = `reference of ${version.modelName} version ${version.modelVersion}`;
  const table = parseCsv((await getArtefact(db, version.referenceDigest)).toString('utf8'), name);
  const problems: Problem[] = [];
  const rows = readLabelledRows(table, version.manifest, name, problems, { written: true });
  if (problems.length > 0) throw new ProblemsError(name, problems);
  return rows;
}
