import type { Manifest } from '../../core/manifest/manifest.js';
import { buildReferencePerformance } from '../../core/performance/reference-performance.js';
import { type Pool, withTransaction } from '../../core/postgres/pool.js';
import { resolveMonitoring } from '../../core/project/resolve-monitoring.js';
import { createRandom, type Random } from '../../core/random.js';
import { buildReferenceProfile } from '../../core/reference/profile.js';
import { insertVersion, loadVersion, type ModelVersion, promoteVersion } from '../../core/registry/versions.js';

/** Numeric features: normal, log-normal and even by turns; then categorical ones of 4, 12 and 40 categories. */
export const NUMERIC = 12;
export const CATEGORIES = [4, 12, 40];
export const REFERENCE_ROWS = 20_000;
const SEED = 20261121;

/** A binary model of fifteen features that nobody trained: what is measured is the monitor. */
export const benchManifest: Manifest = {
  name: 'bench-monitor',
  task: 'binary',
  target: 'target',
  classes: ['no', 'yes'],
  positiveClass: 'yes',
  features: [
    ...Array.from({ length: NUMERIC }, (_, i) => ({
      name: `number_${i}`,
      type: 'numeric' as const,
      missing: true,
      outOfRange: 'flag' as const,
    })),
    ...CATEGORIES.map((count, i) => ({
      name: `category_${i}`,
      type: 'categorical' as const,
      categories: Array.from({ length: count }, (__, c) => `value ${c}`),
      missing: true,
      unseen: 'flag' as const,
    })),
  ],
  onnx: { input: 'columns' },
  monitoring: resolveMonitoring(),
  retraining: {
    metric: 'accuracy',
    minimumOutcomes: 500,
    maximumRows: 5_000,
    minimumImprovement: 0,
    cooldownMinutes: 60,
    timeoutMinutes: 30,
    promotion: 'manual',
  },
};

/** Reference rows: numbers row by row, and categories as their index. */
export interface BenchRows {
  rows: number;
  numeric: Float64Array;
  categories: Int32Array;
}

/** Draws the reference as `load-rows.ts` draws the live rows in SQL. */
export function drawReference(): BenchRows {
  const random = createRandom(SEED);
  const numeric = new Float64Array(REFERENCE_ROWS * NUMERIC).map((_, cell) => drawNumber(random, cell % NUMERIC));
  const categories = new Int32Array(REFERENCE_ROWS * CATEGORIES.length).map((_, cell) =>
    random.integer(CATEGORIES[cell % CATEGORIES.length]!),
  );
  return { rows: REFERENCE_ROWS, numeric, categories };
}

function drawNumber(random: Random, feature: number): number {
  if (feature % 3 === 0) return random.normal();
  return feature % 3 === 1 ? Math.exp(random.normal()) : random.next();
}

/** Registers the model with its reference and makes it the champion. */
export async function registerBenchModel(pool: Pool, reference: BenchRows): Promise<ModelVersion> {
  const random = createRandom(SEED + 1);
  const scores = Array.from({ length: reference.rows }, () => random.next());
  const predictions = {
    rows: reference.rows,
    labels: scores.map((score) => (score >= 0.5 ? 'yes' : 'no')),
    probabilities: Float32Array.from(scores.flatMap((score) => [1 - score, score])),
  };
  const targets = scores.map((score) => (random.next() < score ? 'yes' : 'no'));
  const batch = {
    rows: reference.rows,
    numeric: reference.numeric,
    categorical: Array.from(reference.categories, (index) => `value ${index}`),
  };
  const modelVersion = await withTransaction(pool, async (client) => {
    const version = await insertVersion(client, {
      manifest: benchManifest,
      onnx: Buffer.from('no model'),
      referenceCsv: Buffer.from('no rows'),
      referenceProfile: buildReferenceProfile(benchManifest, batch, predictions),
      referencePerformance: buildReferencePerformance(benchManifest, predictions, targets, { heldOut: true }),
    });
    const promotion = { modelName: benchManifest.name, toVersion: version, expectedChampion: null };
    await promoteVersion(client, { ...promotion, decidedBy: 'bench', reason: 'bench' });
    return version;
  });
  return (await loadVersion(pool, benchManifest.name, modelVersion))!;
}
