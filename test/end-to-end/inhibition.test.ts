import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { freePort } from '../../core/http/free-port.js';
import { packagePath } from '../../core/package-path.js';
import { findAlertingTools } from '../helpers/prometheus.js';
import { until } from '../helpers/until.js';

// A real Alertmanager with prometheus/alertmanager.yml: which alerts are held back, and what the trainer is told.
const tools = findAlertingTools();
const wine = { model_name: 'wine', model_version: '3' };
const service = { job: 'service' };
let folder: string;
let alertmanager: ChildProcess;
let trainer: Server;
let url: string;
const told: string[] = [];

beforeAll(async () => {
  if (!tools) return;
  folder = await mkdtemp(join(tmpdir(), 'plumbline-alertmanager-'));
  trainer = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    for (const { labels } of (JSON.parse(body) as { alerts: { labels: Record<string, string> }[] }).alerts)
      told.push(`${labels.alertname} of ${labels.model_name}`);
    response.end();
  }).listen(0, '127.0.0.1');
  await once(trainer, 'listening');
  const { port: trainerPort } = trainer.address() as { port: number };
  await writeFile(join(folder, 'token'), 'the-token');
  const text = await readFile(packagePath('prometheus/alertmanager.yml'), 'utf8');
  const config = parse(
    text
      .replace('http://trainer:8082', `http://127.0.0.1:${trainerPort}`)
      .replace('/secrets/alertmanager-trainer-token', join(folder, 'token')),
  );
  for (const route of [config.route, ...config.route.routes])
    Object.assign(route, { group_wait: '1s', group_interval: '1s' });
  await writeFile(join(folder, 'alertmanager.yml'), stringify(config));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  alertmanager = spawn(tools.alertmanager, [
    `--config.file=${join(folder, 'alertmanager.yml')}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ]);
  await until('Alertmanager to be ready', async () => (await fetch(`${url}/-/ready`)).ok);
});
afterAll(async () => {
  if (!tools) return;
  const ended = once(alertmanager, 'exit');
  alertmanager.kill('SIGTERM');
  await ended;
  trainer.closeAllConnections();
  trainer.close();
  await rm(folder, { recursive: true, force: true });
});

/** Fires alerts for long enough to be looked at. */
async function fire(alerts: Record<string, string>[], seconds = 600): Promise<void> {
  const endsAt = new Date(Date.now() + seconds * 1_000).toISOString();
  const body = JSON.stringify(alerts.map((labels) => ({ labels, annotations: {}, endsAt })));
  const response = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(response.status).toBe(200);
}

/** Names of the alerts that are held back, and of those that are not. */
async function states(): Promise<{ suppressed: string[]; active: string[] }> {
  const alerts = (await (await fetch(`${url}/api/v2/alerts`)).json()) as {
    labels: Record<string, string>;
    status: { state: string };
  }[];
  const named = (state: string): string[] =>
    alerts
      .filter(({ status }) => status.state === state)
      .map(({ labels }) => `${labels.alertname} ${labels.severity}`)
      .sort();
  return { suppressed: named('suppressed'), active: named('active') };
}

test.skipIf(!tools)('a drift that stays is told where nothing else says why, to people only', async () => {
  const alerts = [
    { alertname: 'DriftPersists', severity: 'warning', model_name: 'cars', model_version: '1' },
    { alertname: 'DriftPersists', severity: 'warning', model_name: 'homes', model_version: '1' },
    { alertname: 'DriftPersists', severity: 'warning', model_name: 'boats', model_version: '1' },
    { alertname: 'PromotionWaiting', severity: 'warning', model_name: 'cars', model_version: '2' },
    { alertname: 'RetrainingRefused', severity: 'warning', model_name: 'homes' },
  ];
  await fire(alerts);
  const found = await until('two to be held back', async () => {
    const now = await states();
    return now.suppressed.length === 2 && now;
  });
  expect(found).toEqual({
    suppressed: ['DriftPersists warning', 'DriftPersists warning'],
    active: ['DriftPersists warning', 'PromotionWaiting warning', 'RetrainingRefused warning'],
  });
  await fire(alerts, 0);
  await until('them to end', async () => {
    const { suppressed, active } = await states();
    return suppressed.length + active.length === 0;
  });
});

test.skipIf(!tools)('what follows from something else that fires is held back, and nothing else is', async () => {
  await fire([
    { alertname: 'ServiceDown', severity: 'critical', ...service },
    { alertname: 'ServiceLatencyBurn', severity: 'critical', ...service },
    { alertname: 'HttpErrors', severity: 'warning', route: '/v1/models', ...service },
    { alertname: 'HttpErrors', severity: 'warning', route: '/v1/alerts', job: 'trainer' },
    { alertname: 'BrokenData', severity: 'critical', ...wine },
    { alertname: 'FeatureDrift', severity: 'warning', ...wine },
    { alertname: 'FeatureDrift', severity: 'warning', model_name: 'cars', model_version: '1' },
    { alertname: 'DriftPersists', severity: 'warning', ...wine },
    { alertname: 'PerformanceDrop', severity: 'warning', source: 'realised', ...wine },
    { alertname: 'PerformanceDrop', severity: 'warning', source: 'realised', model_name: 'homes', model_version: '1' },
    { alertname: 'PerformanceDrop', severity: 'warning', source: 'estimated', model_name: 'bikes', model_version: '1' },
    { alertname: 'TrainerDown', severity: 'warning', job: 'trainer' },
    { alertname: 'TrainingFailing', severity: 'warning', job: 'trainer' },
  ]);
  const found = await until('all to be there', async () => {
    const now = await states();
    return now.suppressed.length + now.active.length === 13 && now.suppressed.length >= 6 && now;
  });
  expect(found).toEqual({
    suppressed: [
      'DriftPersists warning',
      'FeatureDrift warning',
      'HttpErrors warning',
      'PerformanceDrop warning',
      'ServiceLatencyBurn critical',
      'TrainingFailing warning',
    ],
    active: [
      'BrokenData critical',
      'FeatureDrift warning',
      'HttpErrors warning',
      'PerformanceDrop warning',
      'PerformanceDrop warning',
      'ServiceDown critical',
      'TrainerDown warning',
    ],
  });
});

test.skipIf(!tools)(
  'the trainer has been told of the drift and the realised loss that were not held back, and of nothing else',
  async () => {
    const names = ['FeatureDrift of cars', 'PerformanceDrop of homes'];
    await until('the trainer to be told', () => names.every((name) => told.includes(name)));
    // Groups are told as long after they began as this one: what is to come of the others has come before it.
    await fire([{ alertname: 'PerformanceDrop', severity: 'warning', source: 'realised', model_name: 'boats' }]);
    await until('the last to be told', () => told.includes('PerformanceDrop of boats'));
    expect(new Set(told)).toEqual(new Set([...names, 'PerformanceDrop of boats']));
  },
);

test.skipIf(!tools)('without a monitor no drift is told, and the faster burn stands for the slower', async () => {
  await fire([
    { alertname: 'MonitorDead', severity: 'critical' },
    { alertname: 'CaptureBurn', severity: 'critical', job: 'other' },
    { alertname: 'CaptureBurn', severity: 'warning', job: 'other' },
  ]);
  const { suppressed, active } = await until('all to be there', async () => {
    const now = await states();
    return now.suppressed.includes('CaptureBurn warning') && now;
  });
  expect(suppressed).toEqual(expect.arrayContaining(['BrokenData critical', 'PerformanceDrop warning']));
  expect(active).toEqual(expect.arrayContaining(['MonitorDead critical', 'CaptureBurn critical']));
  expect([...suppressed, ...active].filter((name) => name === 'FeatureDrift warning')).toHaveLength(2);
  expect(active).not.toContain('FeatureDrift warning');
});
