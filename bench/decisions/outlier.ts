import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom } from '../../core/random.js';
import { toBytes } from './evidently.js';
import { createWatch, drawModel, type SimulatedModel } from './simulated-model.js';

/** What is said of a feature that moved by one sigma, without and with one value far away. */
export interface OutlierAnswer {
  psi: number;
  psiWithOutlier: number;
  exceeded: boolean;
  exceededWithOutlier: boolean;
}

const REFERENCE_ROWS = 5_000;
const ROWS = 500;
const FAR_AWAY = 1e6;

/** The case of the outlier: N(0, 1) against N(1, 1), and the same with one value of a million. Written for Evidently too. */
export async function runOutlier(seed: number, folder: string): Promise<OutlierAnswer> {
  const random = createRandom(seed);
  const model = drawModel(random, [{ name: 'x', number: (r) => r.normal() }], REFERENCE_ROWS);
  const current = Float64Array.from({ length: ROWS + 1 }, (_, i) => (i < ROWS ? 1 + random.normal() : FAR_AWAY));
  await mkdir(join(folder, 'outlier'), { recursive: true });
  await writeFile(join(folder, 'outlier/reference-x.f64'), toBytes(model.reference[0]!, new Map()));
  await writeFile(join(folder, 'outlier/current-x.f64'), toBytes({ numbers: current }, new Map()));
  const without = decide(model, current.slice(0, ROWS));
  const withOutlier = decide(model, current);
  return {
    psi: without.psi!,
    psiWithOutlier: withOutlier.psi!,
    exceeded: without.exceeded,
    exceededWithOutlier: withOutlier.exceeded,
  };
}

function decide(model: SimulatedModel, numbers: Float64Array) {
  return createWatch(model, createRandom(1))(numbers.length, [{ numbers }]).subjects[0]!;
}
