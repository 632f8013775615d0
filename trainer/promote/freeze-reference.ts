import { formatCsv } from '../../core/csv.js';
import type { PredictionBatch } from '../../core/inference/batch.js';
import type { Manifest } from '../../core/manifest/manifest.js';
import { encodeRows } from '../../core/preparation/prepare.js';
import { requestFields } from '../../core/preparation/request-fields.js';
import { buildReferenceProfile, type ReferenceProfile } from '../../core/reference/profile.js';
import type { RetrainingDataset } from '../dataset/compose.js';

/**
 * The reference of a new version: of features, the recent rows it learned from (docs/decisions/0002-new-reference.md); of its
 * predictions, its answers to the rows held out for the comparison (docs/decisions/0017-reference-of-predictions.md). The old
 * reference's rows are not in it, though it learned from them too.
 * @param answers  to the held-out rows
 */
export function freezeReference(
  manifest: Manifest,
  { recent, heldOut }: Pick<RetrainingDataset, 'recent' | 'heldOut'>,
  answers: PredictionBatch,
  importances: number[] = [],
): { referenceCsv: Buffer; referenceProfile: ReferenceProfile } {
  const columns = [...requestFields(manifest).map((f) => f.name), manifest.target];
  const records = recent.instances.map((instance, i) => ({ ...instance, [manifest.target]: recent.targets[i] }));
  const options = { importances, heldOut: encodeRows(manifest, heldOut.instances) };
  return {
    referenceCsv: Buffer.from(formatCsv(columns, records)),
    referenceProfile: buildReferenceProfile(manifest, encodeRows(manifest, recent.instances), answers, options),
  };
}
