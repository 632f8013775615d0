import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import type { Manifest, Monitoring } from '../../core/manifest/manifest.js';
import { buildReferencePerformance, type ReferencePerformance } from '../../core/performance/reference-performance.js';
import { type Pool, withTransaction } from '../../core/postgres/pool.js';
import { resolveMonitoring } from '../../core/project/resolve-monitoring.js';
import { createRandom, type Random } from '../../core/random.js';
import { buildReferenceProfile, type ReferenceProfile } from '../../core/reference/profile.js';
import { loadVersion, type ModelVersion, promoteVersion, registerVersion } from '../../core/registry/versions.js';
import { createMetrics } from '../../monitor/metrics/metrics.js';
import type { Monitor } from '../../monitor/run.js';
import { createFold } from '../../monitor/summarise/fold.js';
import type { LiveRow } from '../../monitor/summarise/live-rows.js';
import { type SubjectCounts, splitBySubject } from '../../monitor/windows/buckets.js';

/** A row as the service would store it: two numbers, a category and a binary answer. */
export interface Row {
  alcohol: number | null;
  sugar: number | null;
  colour: string | null;
  score: number;
}

/** Two numeric features, a categorical one, a binary class with its probability: five subjects. */
export function testManifest(name: string, monitoring: Partial<Monitoring> = {}): Manifest {
  return {
    name,
    task: 'binary',
    target: 'good',
    classes: ['no', 'yes'],
    positiveClass: 'yes',
    features: [
      { name: 'alcohol', type: 'numeric', missing: true, outOfRange: 'flag' },
      { name: 'sugar', type: 'numeric', missing: true, outOfRange: 'flag' },
      { name: 'colour', type: 'categorical', categories: ['red', 'white'], missing: true, unseen: 'flag' },
    ],
    onnx: { input: 'tensor' },
    monitoring: { ...resolveMonitoring({ window: { rows: 300 } }), ...monitoring },
    retraining: {
      metric: 'accuracy',
      minimumOutcomes: 500,
      maximumRows: 5_000,
      minimumImprovement: 0,
      cooldownMinutes: 60,
      timeoutMinutes: 30,
      promotion: 'automatic',
    },
  };
}

/** Draws rows; `shift` moves alcohol by that many standard deviations. */
export function drawRows(random: Random, count: number, shift = 0): Row[] {
  return Array.from({ length: count }, () => ({
    alcohol: 10 + random.normal() + shift,
    sugar: Math.exp(random.normal()),
    colour: random.next() < 0.7 ? 'white' : 'red',
    score: random.next(),
  }));
}

/** What becomes of a drawn row. */
export type ChangeRow = (row: Row, i: number) => Row;
const asDrawn: ChangeRow = (row) => row;

/** The frozen reference of 4,000 drawn rows, each of them changed. */
export function testProfile(manifest: Manifest, seed = 1, change: ChangeRow = asDrawn): ReferenceProfile {
  const rows = drawRows(createRandom(seed), 4_000).map(change);
  return buildReferenceProfile(
    manifest,
    {
      rows: rows.length,
      numeric: Float64Array.from(rows.flatMap((r) => [r.alcohol ?? Number.NaN, r.sugar ?? Number.NaN])),
      categorical: rows.map((r) => r.colour),
    },
    {
      rows: rows.length,
      labels: rows.map((r) => (r.score >= 0.5 ? 'yes' : 'no')),
      probabilities: Float32Array.from(rows.flatMap((r) => [1 - r.score, r.score])),
    },
  );
}

/** The same row as the monitor reads it back. */
export function toLiveRow(row: Row, requestedAt = 0): LiveRow {
  return {
    requestedAt,
    numeric: Float64Array.of(row.alcohol ?? Number.NaN, row.sugar ?? Number.NaN),
    categorical: [row.colour],
    label: row.score >= 0.5 ? 'yes' : 'no',
    scores: Float64Array.of(1 - row.score, row.score).map(Math.fround),
    value: Number.NaN,
  };
}

/** What the monitor counts of rows that are all in one window. */
export function foldRows(manifest: Manifest, referenceProfile: ReferenceProfile, rows: Row[]): SubjectCounts[] {
  const fold = createFold({ manifest, referenceProfile, referencePerformance: null }, 60);
  for (const row of rows) fold.add(toLiveRow(row));
  return fold.take().flatMap(({ counts }) => splitBySubject(referenceProfile, counts));
}

/** The truth of a row: the positive class as often as its score says. */
export function drawTruth(random: Random, row: Row): 'yes' | 'no' {
  return random.next() < row.score ? 'yes' : 'no';
}

/** The frozen performance of 4,000 drawn rows whose scores are probabilities. */
export function testPerformance(manifest: Manifest, seed = 1, change: ChangeRow = asDrawn): ReferencePerformance {
  const random = createRandom(seed);
  const rows = drawRows(random, 4_000).map(change);
  const predictions = {
    rows: rows.length,
    labels: rows.map((r) => (r.score >= 0.5 ? 'yes' : 'no')),
    probabilities: Float32Array.from(rows.flatMap((r) => [1 - r.score, r.score])),
  };
  const targets = rows.map((row) => drawTruth(random, row));
  return buildReferencePerformance(manifest, predictions, targets, { heldOut: true });
}

/** A prediction id as the service makes them: a UUID v7 of an instant, to the millisecond. */
export function idAt(date: Date): string {
  const time = date.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** Registers the next version of a model and makes it the champion; `change` is what becomes of its reference rows. */
export async function addChampion(pool: Pool, manifest: Manifest, change?: ChangeRow): Promise<ModelVersion> {
  const modelVersion = await registerVersion(pool, {
    manifest,
    onnx: Buffer.from(`onnx of ${manifest.name}`),
    referenceCsv: Buffer.from('alcohol,sugar,colour,good\n'),
    referenceProfile: testProfile(manifest, 1, change),
    referencePerformance: testPerformance(manifest, 1, change),
  });
  await withTransaction(pool, async (client) => {
    const { rows } = await client.query('select champion_version as c from models where model_name = $1', [
      manifest.name,
    ]);
    const expectedChampion: number | null = rows[0].c;
    const reason = 'in a test';
    const { name: modelName } = manifest;
    await promoteVersion(client, { modelName, toVersion: modelVersion, expectedChampion, decidedBy: 'test', reason });
  });
  return (await loadVersion(pool, manifest.name, modelVersion))!;
}

const COLUMNS = `prediction_id, requested_at, model_name, model_version, batch_id, source,
  numeric_features, categorical_features, label, scores, latency_us, request_id`;

/**
 * Stores rows as one capture batch, as the service does: rows and batch in one transaction. `hold` runs before its commit.
 * @returns the prediction ids, by row
 */
export async function storeBatch(
  pool: Pool,
  version: Pick<ModelVersion, 'modelName' | 'modelVersion'>,
  batch: {
    at: (row: number) => Date;
    rows: Row[];
    source?: 'live' | 'shadow' | 'replay' | 'batch';
    hold?: Promise<void>;
    batchId?: string;
  },
): Promise<string[]> {
  const { modelName, modelVersion } = version;
  const { batchId = randomUUID() } = batch;
  const ids = batch.rows.map((_, i) => idAt(batch.at(i)));
  const times = batch.rows.map((_, i) => batch.at(i).toISOString()).sort();
  const stored = batch.rows.map((row, i) => ({
    prediction_id: ids[i]!,
    requested_at: batch.at(i),
    model_name: modelName,
    model_version: modelVersion,
    batch_id: batchId,
    source: batch.source ?? 'live',
    // JSON has no infinities: Postgres reads them as texts.
    numeric_features: [row.alcohol, row.sugar].map((value) =>
      value !== null && Math.abs(value) === Infinity ? String(value) : value,
    ),
    categorical_features: [row.colour],
    label: row.score >= 0.5 ? 'yes' : 'no',
    scores: [1 - row.score, row.score],
    latency_us: 100,
    request_id: 'request',
  }));
  await withTransaction(pool, async (client) => {
    await client.query(
      `insert into predictions (${COLUMNS}) select ${COLUMNS} from jsonb_populate_recordset(null::predictions, $1)`,
      [JSON.stringify(stored)],
    );
    await client.query(
      `insert into capture_batches (batch_id, model_name, model_version, row_count, live_row_count, first_requested_at, last_requested_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        batchId,
        modelName,
        modelVersion,
        stored.length,
        stored.filter(({ source }) => source === 'live').length,
        times[0],
        times.at(-1),
      ],
    );
    await batch.hold;
  });
  return ids;
}

/** Times spread evenly over `seconds` from `start` (seconds since 1970). */
export function spread(start: number, seconds: number, count: number): (row: number) => Date {
  return (row) => new Date((start + (seconds * row) / count) * 1_000);
}

/** A monitor with a clock that is set by hand (seconds since 1970) and metrics of its own. */
export function testMonitor(
  pool: Pool,
  options: Partial<Monitor> = {},
): { monitor: Monitor; registry: Registry; setTime: (seconds: number) => void } {
  let now = 0;
  const registry = new Registry();
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  return {
    registry,
    setTime: (seconds) => {
      now = seconds;
    },
    monitor: {
      pool,
      clock: () => new Date(now * 1_000),
      logger: silent,
      metrics: createMetrics(registry),
      alerting: undefined,
      bucketSeconds: 60,
      latenessSeconds: 5,
      windowRows: undefined,
      maximumRows: 20_000,
      ...options,
    },
  };
}

/** Noon of a day that tests take place on, seconds since 1970; a multiple of an hour. */
export const NOON = Date.UTC(2026, 0, 15, 12) / 1_000;
