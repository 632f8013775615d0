import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { Registry } from 'prom-client';
import { listenOn } from '../../../core/http/listen.js';
import type { Manifest, Monitoring } from '../../../core/manifest/manifest.js';
import type { Pool } from '../../../core/postgres/pool.js';
import { createRandom } from '../../../core/random.js';
import { type ModelVersion, registerVersion } from '../../../core/registry/versions.js';
import { createApp } from '../../../monitor/app.js';
import type { Access } from '../../../monitor/console/access.js';
import { createAttempts } from '../../../monitor/console/attempts.js';
import type { WindowQuality } from '../../../monitor/quality/window-quality.js';
import { runPass } from '../../../monitor/run.js';
import {
  addChampion,
  type ChangeRow,
  drawRows,
  NOON,
  type Row,
  spread,
  storeBatch,
  testManifest,
  testMonitor,
  testProfile,
} from '../fixture.js';

export const TOKEN = 'a-token-of-this-test';
/** What a name must not become: markup, the end of an attribute, or wider than the page. */
export const HOSTILE = {
  markup: '<script>alert("name")</script>',
  quotes: `"'><img src=x onerror=alert('quotes')>&amp;`,
  long: 'x'.repeat(1_000),
};

/** When the pages are looked at: ten minutes after the first row. */
export const NOW = new Date((NOON + 600) * 1_000);

/** A monitor's server on a database; `access` is left out where the console is to be closed. */
export async function serveMonitor(
  pool: Pool,
  options: {
    token?: string;
    delay?: (milliseconds: number) => Promise<unknown>;
    clock?: () => Date;
    consoleMoves?: boolean;
    traceUrl?: string;
  } = { token: TOKEN },
): Promise<{ url: string; server: Server; close: () => Promise<void> }> {
  const { token, delay = async () => undefined, clock = () => NOW, consoleMoves = true, traceUrl } = options;
  const access: Access | undefined =
    token === undefined ? undefined : { token, attempt: createAttempts({ token, delay }), clock };
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const server = createServer(
    createApp({ pool, registry: new Registry(), logger: silent, access, clock, consoleMoves, traceUrl }),
  );
  const port = await listenOn(server, { host: '127.0.0.1', port: 0, setting: 'MONITOR_PORT' });
  return {
    server,
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A model whose alcohol has a range. */
export function rangedManifest(name: string, range: [number, number], monitoring: Partial<Monitoring> = {}): Manifest {
  const manifest = testManifest(name, monitoring);
  const [alcohol, ...others] = manifest.features;
  return { ...manifest, features: [{ ...alcohol!, type: 'numeric', outOfRange: 'flag', range }, ...others] };
}

/** The manifest of a model whose names are hostile: of two features and of a category. */
export function hostileManifest(): Manifest {
  const manifest = testManifest('hostile', { confirm: [1, 1] });
  const [first, second, third] = manifest.features;
  const category = { ...third!, name: HOSTILE.long, type: 'categorical' as const, unseen: 'flag' as const };
  return {
    ...manifest,
    description: HOSTILE.markup,
    inputs: [
      { name: HOSTILE.quotes, type: 'text', missing: true, unit: HOSTILE.markup },
      { name: HOSTILE.long, type: 'numeric', missing: true },
      { name: 'nothing', type: 'text', missing: true },
    ],
    features: [
      { ...first!, name: HOSTILE.markup, unit: HOSTILE.quotes, description: HOSTILE.markup },
      { ...second!, name: HOSTILE.quotes },
      { ...category, categories: ['red', HOSTILE.markup] },
    ],
  };
}

/** A champion with `shifts.length` minutes of `perMinute` rows, a window each of 300; a minute's rows are moved by its shift. */
export async function addWatched(
  pool: Pool,
  manifest: Manifest,
  shifts: number[],
  change: ChangeRow = (row) => row,
  { perMinute = 300, reference }: { perMinute?: number; reference?: ChangeRow } = {},
): Promise<ModelVersion> {
  const version = await addChampion(pool, manifest, reference);
  const alerting = { send: async () => undefined, repeatSeconds: 60, externalUrl: 'http://127.0.0.1' };
  const { monitor, setTime } = testMonitor(pool, { alerting });
  for (const [i, shift] of shifts.entries()) {
    const start = NOON + i * 60;
    await storeBatch(pool, version, {
      at: spread(start, 60, perMinute),
      rows: drawRows(createRandom(70 + i), perMinute, shift).map(change),
    });
  }
  await addOutcomes(pool, manifest.name);
  setTime(NOON + shifts.length * 60 + 10);
  await runPass(monitor);
  return version;
}

/** How long `addModels` may take: it is thousands of rows and a dozen passes. */
export const ADDING_MODELS_MS = 180_000;

/** Models in every state a page can meet: drifted and retrained, calm, hostile names, broken data, no rows, no champion, and more. */
export async function addModels(pool: Pool): Promise<void> {
  const drifted = await addWatched(pool, testManifest('drifted', { confirm: [2, 3] }), [0, 0, 0, 0, 1, 1, 1]);
  await addRun(pool, drifted);
  await addQuality(pool, await addWatched(pool, rangedManifest('calm', [8, 12]), [0, 0, 0]));
  const known = ({ colour, ...row }: Row): Row => ({ ...row, colour: colour === 'white' ? HOSTILE.markup : colour });
  await addWatched(pool, hostileManifest(), [0, 1], undefined, { reference: known });
  const sent = [`${HOSTILE.markup} ${HOSTILE.long}`, '2.5', null];
  await pool.query(`update predictions set raw_inputs = $1 where model_name = 'hostile'`, [sent]);
  const everyThird = (row: Row, i: number): Row => (i % 3 === 0 ? { ...row, sugar: null } : row);
  await addWatched(pool, testManifest('broken', { confirm: [1, 1] }), [0, 0], everyThird);
  await addChampion(pool, testManifest('no-rows'));
  await addOddModels(pool);
  const manifest = testManifest('no-champion');
  const files = { onnx: Buffer.from('onnx'), referenceCsv: Buffer.from('alcohol\n') };
  await registerVersion(pool, { manifest, ...files, referenceProfile: testProfile(manifest) });
}

/** Too few rows, nothing but missing values, many categories, and several windows and parts that are watched. */
async function addOddModels(pool: Pool): Promise<void> {
  const thin = testManifest('thin', { window: { minutes: 1 } });
  await addWatched(pool, thin, [0, 0], undefined, { perMinute: 50 });
  const noSugar: ChangeRow = (row) => ({ ...row, sugar: null });
  const nothing: ChangeRow = (row) => ({ ...row, alcohol: null, sugar: null, colour: null });
  await addWatched(pool, testManifest('all-missing'), [0, 0, 0], nothing, { reference: noSugar });
  const [many, skewed] = manyCategories(20_000);
  await addWatched(pool, many, [0, 0, 0], skewed, { reference: skewed });
  await addWatched(pool, watchedManifest('several'), [0, 0, 0, 0, 0, 1, 1, 1]);
}

/** A model whose colour has so many categories, few of them frequent; and what gives rows such a colour. */
export function manyCategories(count: number): [Manifest, ChangeRow] {
  const manifest = testManifest('many-categories');
  const categories = Array.from({ length: count }, (_, i) => `colour-${i}`);
  const features = manifest.features.map((feature) =>
    feature.type === 'categorical' ? { ...feature, categories } : feature,
  );
  const draw = createRandom(9);
  return [{ ...manifest, features }, (row) => ({ ...row, colour: categories[Math.floor(count ** draw.next()) - 1]! })];
}

/** A model with a second window, which alerts, and with segments. */
export function watchedManifest(name: string): Manifest {
  return testManifest(name, {
    windows: [{ name: 'two-minutes', minutes: 2, alerts: true }],
    segments: [
      { feature: 'colour', values: ['red', 'white'] },
      { feature: 'alcohol', edges: [10] },
    ],
  });
}

/** Outcomes: true is what was answered, but for every fifth second, when it is the other class. */
async function addOutcomes(pool: Pool, modelName: string): Promise<void> {
  await pool.query(
    `insert into outcomes (prediction_id, revision, model_name, actual, observed_at)
     select prediction_id, 1, model_name, case when floor(extract(epoch from requested_at))::int % 5 > 0 then label
              when label = 'yes' then 'no' else 'yes' end, requested_at + interval '1 minute'
       from predictions where model_name = $1`,
    [modelName],
  );
}

/** What was counted of the newest window of a version while it was summarised. */
async function addQuality(pool: Pool, { modelName, modelVersion }: ModelVersion): Promise<void> {
  const calm = { missingShare: 0, outOfRangeShare: 0, unseenShare: 0, constant: false };
  const quality: WindowQuality = {
    features: [
      { ...calm, feature: 'alcohol', outOfRangeShare: 0.2, minimum: 8, maximum: 14 },
      { ...calm, feature: 'sugar', constant: true, minimum: 3, maximum: 3 },
      { ...calm, feature: 'colour', minimum: null, maximum: null },
    ],
    duplicateShare: 0.25,
  };
  await pool.query(
    `insert into quality_windows (model_name, model_version, window_name, window_start, window_end, row_count, report, computed_at)
     select model_name, model_version, window_name, window_start, window_end, row_count, $3, decided_at from drift_windows
      where model_name = $1 and model_version = $2 order by window_start desc limit 1
     on conflict (model_name, model_version, window_name, window_start) do update set report = excluded.report`,
    [modelName, modelVersion, quality],
  );
  await pool.query(`insert into refused_requests values ($1, to_timestamp($2), 'wrong_type', 7)`, [
    modelName,
    NOON + 120,
  ]);
}

/** A retraining of a version that was not better, with the log of its training. */
async function addRun(pool: Pool, version: ModelVersion): Promise<void> {
  const comparison = {
    metric: 'accuracy',
    champion: 0.81,
    challenger: 0.82,
    improvement: 0.01,
    interval: { low: -0.02, high: 0.04 },
    rows: 400,
    clusters: 390,
    agreementRate: 0.93,
  };
  await pool.query(
    `insert into training_runs (training_run_id, fingerprint, starts_at, alert_name, model_name, champion_version, state,
       reason, alert, candidate_version, comparison, log, created_at, finished_at)
     values ($1, 'f', $2, 'FeatureDrift', $3, $4, 'kept', 'does not lie above 0', '{}', 2, $5, $6, $2, $2)`,
    [randomUUID(), NOW, version.modelName, version.modelVersion, comparison, `round 1\n${HOSTILE.markup}`],
  );
}
