import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../core/http/free-port.js';
import { loadSettings } from '../../core/settings.js';
import { noTracing } from '../../core/telemetry/tracing.js';
import { exportedMetrics } from '../../docs/generate-metrics.js';
import { serve } from '../../monitor/serve.js';
import { monitorSettings } from '../../monitor/settings.js';
import { createDatabase } from '../helpers/postgres.js';
import { findTool } from '../helpers/tool.js';
import { until } from '../helpers/until.js';
import { silent, startTestService } from '../service/harness.js';
import { addSmallModel, startTestTrainer } from '../trainer/harness.js';
import { runTool } from './run-tool.js';

const promtool = findTool('promtool', 'apt-get install prometheus (it brings promtool)');
const urls = { service: '', monitor: '', trainer: '' };
const endings: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const database = await createDatabase();
  await addSmallModel(database.pool, 'shown');
  const spool = await mkdtemp(join(tmpdir(), 'plumbline-spool-'));
  const service = await startTestService(database.url, { SERVICE_SPOOL_FOLDER: spool });
  const trainer = await startTestTrainer(database.url);
  const port = await freePort();
  const environment = { DATABASE_URL: database.url, MONITOR_PORT: String(port), MONITOR_ALERTING: 'prometheus' };
  const monitor = await serve({
    settings: loadSettings(monitorSettings, environment, 'MONITOR_'),
    logger: silent,
    tracing: noTracing,
    signal: new AbortController().signal,
  });
  Object.assign(urls, { service: service.url, trainer: trainer.url, monitor: `http://127.0.0.1:${port}` });
  endings.push(service.close, trainer.abort, monitor.close, database.drop, () => rm(spool, { recursive: true }));
  await service.ready();
  await service.post('/v1/models/shown/predict', { instances: [{ size: 2, weight: null, colour: 'red' }] });
  await until('the monitor to have run', async () =>
    /^monitor_runs_total\{outcome="success"\} [1-9]/m.test(await (await fetch(`${urls.monitor}/metrics`)).text()),
  );
});
afterAll(async () => {
  for (const end of endings) await end();
});

// Workers are shown by the primary of several processes alone.
const OF_WORKERS = ['service_workers', 'service_worker_ends_total'];

describe.each(['service', 'monitor', 'trainer'] as const)('/metrics of the %s', (process) => {
  const read = async (): Promise<string> => (await fetch(`${urls[process]}/metrics`)).text();

  test('shows exactly the metrics that docs/metrics.md names', async () => {
    const shown = [...(await read()).matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]!);
    const named = exportedMetrics()
      .filter(({ name, processes }) => processes.includes(process) && !OF_WORKERS.includes(name))
      .map(({ name }) => name);
    expect(shown.sort()).toEqual(named.sort());
  });

  test.skipIf(!promtool)('is what promtool finds nothing wrong with', async () => {
    expect(runTool(promtool, ['check', 'metrics'], await read())).toBe('');
  });

  test('has a series for every route before it was asked for, and none for what is no route', async () => {
    await fetch(`${urls[process]}/no/such/path/unheard-of`);
    const lines = await until('the request to be counted', async () => {
      const text = await read();
      return text.includes('route="unmatched"') && text;
    });
    expect(lines).not.toContain('unheard-of');
    expect(lines).toMatch(
      /^http_request_duration_seconds_count\{method="(GET|POST)",route="\/v1\/[^"]+",status_code="200"\} 0$/m,
    );
  });
});
