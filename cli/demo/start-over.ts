import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from '../../core/postgres/pool.js';
import { loadProject } from '../../core/project/load.js';
import { addModel } from '../../core/project/register.js';
import { digestOf } from '../../core/registry/artefacts.js';
import { loadChampion } from '../../core/registry/versions.js';

/**
 * Makes the example's own model the champion again when an earlier demo has replaced it or made it drift: registered
 * anew, since a version keeps its history. @returns the new version, or undefined when the champion is as it should be
 */
export async function startOver(pool: Pool, folder: string, model: string): Promise<number | undefined> {
  const champion = await loadChampion(pool, model);
  const own = digestOf(await readFile(join(folder, 'model.onnx')));
  if (champion?.modelDigest === own) {
    const { rowCount } = await pool.query(
      `select 1 from drift_windows where model_name = $1 and model_version = $2 and window_name = 'default' and segment = '' and verdict in ('warning', 'drift') limit 1`,
      [model, champion.modelVersion],
    );
    if (rowCount === 0) return undefined;
  }
  return addModel(pool, await loadProject(folder), 'plumbline demo');
}
