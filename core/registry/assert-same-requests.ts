import { isDeepStrictEqual } from 'node:util';
import type { Manifest } from '../manifest/manifest.js';
import type { Queryable } from '../postgres/pool.js';
import { requestFields } from '../preparation/request-fields.js';
import { RefusedError } from './refused-error.js';

/**
 * Asserts that a challenger takes the requests that its champion takes and answers in the same terms: it is given rows of that
 * one's callers, who know nothing of it. @throws Error that says what differs, or which version is not there
 */
export async function assertSameRequests(
  db: Queryable,
  versions: { modelName: string; modelVersion: number; championVersion: number },
): Promise<void> {
  const { modelName, modelVersion, championVersion } = versions;
  const { rows } = await db.query<{ modelVersion: number; manifest: Manifest }>(
    `select model_version as "modelVersion", manifest from model_versions where model_name = $1 and model_version in ($2, $3)`,
    [modelName, modelVersion, championVersion],
  );
  const manifestOf = (version: number): Manifest => {
    const found = rows.find((row) => row.modelVersion === version);
    if (!found) throw new RefusedError(`${modelName} has no version ${version}`);
    return found.manifest;
  };
  const differences = findDifferences(manifestOf(championVersion), manifestOf(modelVersion));
  if (differences.length === 0) return;
  throw new RefusedError(
    `${modelName} version ${modelVersion} cannot be tried on the traffic of version ${championVersion}: it has ${differences.join(', ')}; to make it the champion at once, run plumbline model promote ${modelName} ${modelVersion}`,
  );
}

/** What a challenger has that its champion has not, in words. */
export function findDifferences(champion: Manifest, challenger: Manifest): string[] {
  const differences: string[] = [];
  if (champion.task !== challenger.task) differences.push(`task ${challenger.task} instead of ${champion.task}`);
  if (!isDeepStrictEqual(champion.classes, challenger.classes)) {
    differences.push(`classes [${challenger.classes.join(', ')}] instead of [${champion.classes.join(', ')}]`);
  }
  const [before, after] = [requestFields(champion), requestFields(challenger)];
  const names = [...new Set([...before, ...after].map((field) => field.name))];
  for (const name of names) {
    const [was, is] = [before, after].map((fields) => fields.find((field) => field.name === name));
    if (!was) differences.push(`another field "${name}"`);
    else if (!is) differences.push(`no field "${name}"`);
    else if (!isDeepStrictEqual(was, is))
      differences.push(`field "${name}" as ${JSON.stringify(is)} instead of ${JSON.stringify(was)}`);
  }
  if (differences.length === 0 && !isDeepStrictEqual(before, after)) differences.push('the fields in another order');
  return differences;
}
