import { buildReferencePerformance, type ReferencePerformance } from '../performance/reference-performance.js';
import { type Pool, withTransaction } from '../postgres/pool.js';
import { buildReferenceProfile } from '../reference/profile.js';
import { insertVersion, promoteVersion } from '../registry/versions.js';
import { featureImportances } from './feature-importances.js';
import type { ModelProject } from './load.js';

/** Registers a project as a model's next version and makes it the champion. @returns the version number */
export async function addModel(pool: Pool, project: ModelProject, decidedBy: string): Promise<number> {
  const { manifest, onnx, referenceCsv, batch, heldOut } = project;
  const importances = await featureImportances(onnx, manifest, batch);
  const answers = heldOut?.predictions ?? project.predictions;
  const options = { importances, ...(heldOut && { heldOut: heldOut.batch }) };
  const referenceProfile = buildReferenceProfile(manifest, batch, answers, options);
  const referencePerformance = performanceOf(project);
  return withTransaction(pool, async (client) => {
    const version = await insertVersion(client, {
      manifest,
      onnx,
      referenceCsv,
      referenceProfile,
      referencePerformance,
      ...(project.trainingMetrics && { metrics: { training: project.trainingMetrics } }),
      ...(heldOut && { lineage: { heldOutDigest: heldOut.digest } }),
      registeredBy: decidedBy,
    });
    const { rows } = await client.query<{ champion: number | null }>(
      'select champion_version as champion from models where model_name = $1',
      [manifest.name],
    );
    await promoteVersion(client, {
      modelName: manifest.name,
      toVersion: version,
      expectedChampion: rows[0]!.champion,
      decidedBy,
      reason: `registered by ${decidedBy}`,
      kind: 'registration',
    });
    return version;
  });
}

/** How a project's model does on held-out.csv; without that file, on the rows it has learned. */
function performanceOf({ manifest, reference, predictions, heldOut }: ModelProject): ReferencePerformance {
  const judged = heldOut ?? { rows: reference, predictions };
  return buildReferencePerformance(manifest, judged.predictions, judged.rows.targets, {
    heldOut: heldOut !== undefined,
  });
}
