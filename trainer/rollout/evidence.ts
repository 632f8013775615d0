import { isDeepStrictEqual } from 'node:util';
import { encodeRows } from '../../core/preparation/prepare.js';
import { requestFields } from '../../core/preparation/request-fields.js';
import { ProblemsError } from '../../core/problems.js';
import { checkedAnswers } from '../../core/project/checked-answers.js';
import type { LabelledRows } from '../../core/project/reference.js';
import { getArtefact } from '../../core/registry/artefacts.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { type Comparison, compareAnswers } from '../compare/compare.js';
import type { RetrainContext } from '../context.js';
import { loadRecentRows } from '../dataset/recent-rows.js';

/** With fewer labelled rows than this two versions are not compared. */
const LEAST_LABELLED = 100;

/**
 * Compares a version with another on labelled live rows, the other in the champion's place. Both answer the rows anew from
 * what is stored, so the pairs are exact though only one of them had answered. Looked at with the first 100, 200, 400 … rows:
 * each look asks for as many new rows as there were, so that looking often does not find by chance what is not there.
 */
export type CompareLive = (options: {
  version: ModelVersion;
  other: ModelVersion;
  /** Whose live rows: `version`'s own, or in the shadow those of `other`. */
  rowsOf: number;
  since: Date;
}) => Promise<Comparison | null>;

/** Creates the comparison; a look that was had already is not worked out again. */
export function createCompareLive(context: Pick<RetrainContext, 'pool' | 'settings'>): CompareLive {
  const had = new Map<string, { rows: number; comparison: Comparison }>();
  return async ({ version, other, rowsOf, since }) => {
    const { manifest, modelName } = version;
    // A version of other features cannot answer these rows.
    if (!isDeepStrictEqual(requestFields(manifest), requestFields(other.manifest))) return null;
    const limit = manifest.retraining.maximumRows;
    const labelled = await loadRecentRows(context.pool, { manifest, modelVersion: rowsOf, since, limit });
    const rows = lookRows(labelled.targets.length);
    if (rows === 0) return null;
    const key = `${modelName} ${version.modelVersion} ${other.modelVersion} ${since.toISOString()}`;
    const before = had.get(key);
    if (before?.rows === rows) return before.comparison;
    const first = { instances: labelled.instances.slice(0, rows), targets: labelled.targets.slice(0, rows) };
    const comparison = await compareOn(context, version, other, first).catch(orNothing);
    if (comparison) had.set(key, { rows, comparison });
    return comparison;
  };
}

/** A version that cannot answer is told by its failures. */
function orNothing(error: unknown): null {
  if (error instanceof ProblemsError) return null;
  throw error;
}

/** How many of `labelled` rows the latest look takes: 100 doubled as often as it goes; 0 below 100. */
export function lookRows(labelled: number): number {
  if (labelled < LEAST_LABELLED) return 0;
  return LEAST_LABELLED * 2 ** Math.floor(Math.log2(labelled / LEAST_LABELLED));
}

async function compareOn(
  { pool, settings }: Pick<RetrainContext, 'pool' | 'settings'>,
  version: ModelVersion,
  other: ModelVersion,
  rows: LabelledRows,
): Promise<Comparison> {
  const answers = async ({ modelDigest, manifest, modelVersion }: ModelVersion) =>
    checkedAnswers(
      `version ${modelVersion}`,
      await getArtefact(pool, modelDigest),
      manifest,
      encodeRows(manifest, rows.instances),
      'labelled live rows',
    );
  return compareAnswers({
    manifest: version.manifest,
    rows,
    champion: await answers(other),
    challenger: await answers(version),
    seed: settings.TRAINER_SEED,
  });
}
