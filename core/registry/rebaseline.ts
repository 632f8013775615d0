import { inferAll } from '../inference/infer-all.js';
import { loadOnnxModel } from '../inference/onnx-session.js';
import { decodeStoredRows, type StoredFeatures } from '../inference/stored-rows.js';
import { alertingWindows } from '../manifest/alerting-windows.js';
import type { Client } from '../postgres/pool.js';
import { buildReferenceProfile } from '../reference/profile.js';
import { getArtefact } from './artefacts.js';
import { inBrokenWindow } from './broken-windows.js';
import { findDriftedSince } from './drift-streak.js';
import { LEAST_REBASELINE_ROWS } from './rebaseline-rows.js';
import { RefusedError } from './refused-error.js';
import { insertVersion, type ModelVersion, promoteVersion } from './versions.js';

/**
 * Accepts the present population as the new reference of an unchanged model, inside the caller's transaction: registers a
 * version with the same artefacts whose frozen bins and counts are those of the newest live rows outside windows that look
 * like broken data (of a drift under way, only rows from its beginning on; a loss of performance without drift moves neither
 * features nor answers, so it leaves no row out), and makes it the champion. The rows that the model was trained on stay those
 * of a later training.
 * @returns the number of the new version
 * @throws Error with too few rows; ChampionChangedError when the champion is another by now
 */
export async function rebaseline(
  client: Client,
  options: { champion: ModelVersion; rows: number; decidedBy: string; reason: string },
): Promise<number> {
  const { champion, decidedBy, reason } = options;
  const { modelName, modelVersion, manifest, referenceProfile: before } = champion;
  const since = await findDriftedSince(client, champion);
  const rows = await loadLiveRows(client, champion, since, options.rows);
  if (rows.length < LEAST_REBASELINE_ROWS) {
    const from = since ? ` since the drift began (${since.toISOString()})` : '';
    throw new RefusedError(
      `version ${modelVersion} of ${modelName} has ${rows.length} live rows${from} outside windows that look like broken data, at least ${LEAST_REBASELINE_ROWS} are needed`,
    );
  }
  const onnx = await getArtefact(client, champion.modelDigest);
  const model = await loadOnnxModel(onnx, manifest);
  const batch = decodeStoredRows(manifest, rows);
  const answers = await inferAll(model, manifest, batch).finally(() => model.release());
  const importances = before.subjects.flatMap(({ kind, importance }) =>
    kind === 'feature' && importance !== undefined ? [importance] : [],
  );
  const toVersion = await insertVersion(client, {
    manifest,
    onnx,
    referenceCsv: await getArtefact(client, champion.referenceDigest),
    referenceProfile: buildReferenceProfile(manifest, batch, answers, { importances }),
    ...(champion.referencePerformance && { referencePerformance: champion.referencePerformance }),
    metrics: champion.metrics,
    lineage: {
      // Of the folder it came from, which is unchanged.
      ...(champion.lineage.heldOutDigest !== undefined && { heldOutDigest: champion.lineage.heldOutDigest }),
      parentVersion: modelVersion,
      rebaselined: { rows: rows.length, from: rows.at(-1)!.at.toISOString(), to: rows[0]!.at.toISOString() },
    },
    registeredBy: decidedBy,
  });
  const expectedChampion = modelVersion;
  await promoteVersion(client, { modelName, toVersion, expectedChampion, decidedBy, reason, kind: 'rebaseline' });
  return toVersion;
}

async function loadLiveRows(
  client: Client,
  { modelName, modelVersion, manifest }: ModelVersion,
  since: Date | undefined,
  limit: number,
): Promise<(StoredFeatures & { at: Date })[]> {
  const { rows } = await client.query(
    `select requested_at as at, numeric_features as numeric, categorical_features as categorical
     from predictions p
     where model_name = $1 and model_version = $2 and source = 'live' and error_class is null and requested_at >= $3
       and not ${inBrokenWindow('$5')}
     order by prediction_id desc limit $4`,
    [modelName, modelVersion, since ?? '-infinity', limit, alertingWindows(manifest.monitoring)],
  );
  return rows;
}
