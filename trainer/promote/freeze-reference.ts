import { formatCsv } from '../../core/csv.js';
import type { PredictionBatch } from '../../core/inference/batch.js';
import type { Manifest } from '../../core/manifest/manifest.js';
import { encodeRows } from '../../core/preparation/prepare.js';
import { requestFields } from '../../core/preparation/request-fields.js';
import type { LabelledRows } from '../../core/project/reference.js';
import { buildReferenceProfile, type ReferenceProfile } from '../../core/reference/profile.js';

/**
 * The reference of a new version: the recent rows it learned from and its answers to them. The old reference's rows are not
 * in it, though it learned from them too: docs/decisions/0002-new-reference.md.
 */
export function freezeReference(
  manifest: Manifest,
  recent: LabelledRows,
  answers: PredictionBatch,
  importances: number[] = [],
): { referenceCsv: Buffer; referenceProfile: ReferenceProfile } {
  const columns = [...requestFields(manifest).map((f) => f.name), manifest.target];
  const records = recent.instances.map((instance, i) => ({ ...instance, [manifest.target]: recent.targets[i] }));
  return {
    referenceCsv: Buffer.from(formatCsv(columns, records)),
    referenceProfile: buildReferenceProfile(manifest, encodeRows(manifest, recent.instances), answers, importances),
  };
}
