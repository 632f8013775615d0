import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { cliSettingsSchema } from '../../cli/settings.js';
import { packagePath } from '../../core/package-path.js';
import { resolveMonitoring } from '../../core/project/resolve-monitoring.js';
import { driftAnnotations } from '../../monitor/alerts/annotations.js';
import { alertLabels } from '../../monitor/alerts/decide-alerts.js';
import { createMetrics } from '../../monitor/metrics/metrics.js';
import type { SubjectVerdict } from '../../monitor/verdicts/verdict.js';
import { findTool } from '../helpers/tool.js';

const promtool = findTool('promtool', 'apt-get install prometheus (it brings promtool)');
const amtool = findTool('amtool', 'apt-get install prometheus-alertmanager (it brings amtool)');

/** Runs a tool in the package's folder. @throws Error with its output */
function run(tool: string | undefined, ...parameters: string[]): string {
  try {
    return execFileSync(tool!, parameters, { cwd: packagePath('.'), encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${tool} ${parameters.join(' ')}\n${stdout}${stderr}`, { cause: error });
  }
}

const filesOf = (folder: string): string[] => readdirSync(packagePath(folder)).map((name) => `${folder}/${name}`);
const rules = filesOf('prometheus/rules');

test.skipIf(!promtool)('the configuration of Prometheus is valid, its rules found', () => {
  expect(run(promtool, 'check', 'config', 'prometheus/prometheus.yml')).toContain(`${rules.length} rule files found`);
});

test.skipIf(!promtool)('the rules are valid', () => {
  expect(run(promtool, 'check', 'rules', ...rules)).toContain('3 rules found');
});

test.skipIf(!promtool)('each alert is silent, then fires with its exact labels and text', () => {
  expect(run(promtool, 'test', 'rules', ...filesOf('prometheus/tests'))).toContain('SUCCESS');
});

test.skipIf(!amtool)('the configuration of Alertmanager is valid', () => {
  expect(run(amtool, 'check-config', 'prometheus/alertmanager.yml')).toContain('SUCCESS');
});

test.skipIf(!amtool).each([
  ['FeatureDrift', 'trainer'],
  ['PredictionDrift', 'trainer'],
  ['MonitorDead', 'operators'],
])('Alertmanager sends %s to the receiver %s', (alertname, receiver) => {
  const config = '--config.file=prometheus/alertmanager.yml';
  expect(run(amtool, 'config', 'routes', 'test', config, `alertname=${alertname}`).trim()).toBe(receiver);
});

test('the webhook gets ends too, with a token from a file, grouped by model', () => {
  const { route, receivers } = parse(readFileSync(packagePath('prometheus/alertmanager.yml'), 'utf8'));
  expect(route.routes[0].group_by).toEqual(['model_name']);
  const [webhook] = receivers.find((receiver: { name: string }) => receiver.name === 'trainer').webhook_configs;
  expect(webhook).toMatchObject({
    send_resolved: true,
    url: 'http://trainer:8082/v1/alerts',
    http_config: { authorization: { credentials_file: '/secrets/alertmanager-trainer-token' } },
  });
});

test('every metric that a rule uses is exported by the monitor', async () => {
  const registry = new Registry();
  createMetrics(registry);
  const exported = registry.getMetricsAsArray().map((metric) => metric.name);
  const used = rules.flatMap((file) => {
    const text = readFileSync(packagePath(file), 'utf8');
    return [...text.matchAll(/\b((?:drift|feature_drift|prediction_drift|monitor)_[a-z_]+)\b/g)].map((m) => m[1]!);
  });
  expect(new Set(used).size).toBeGreaterThanOrEqual(17);
  expect([...new Set(used)].filter((name) => !exported.includes(name))).toEqual([]);
});

interface ExpectedAlert {
  exp_labels: Record<string, string>;
  exp_annotations: Record<string, string>;
}

/** What the rule tests expect of an alert wherever it fires, in order; promtool has shown the rules to give it. */
function expectedOf(alertName: string): ExpectedAlert[] {
  const { tests } = parse(readFileSync(packagePath('prometheus/tests/drift_test.yml'), 'utf8'));
  return tests
    .flatMap((t: { alert_rule_test: { alertname: string; exp_alerts: ExpectedAlert[] }[] }) => t.alert_rule_test)
    .filter((t: { alertname: string }) => t.alertname === alertName)
    .flatMap((t: { exp_alerts: ExpectedAlert[] }) => t.exp_alerts);
}

describe('the alerts that the monitor posts itself are those of the rules', () => {
  const wine = { modelName: 'wine', modelVersion: 3, monitoring: resolveMonitoring() };
  const nothing = { psi: null, psiNullBand: null, ksStatistic: null, ksCriticalValue: null, statistics: [] };
  const subject = (change: Partial<SubjectVerdict>): SubjectVerdict => ({
    ...{ kind: 'feature', subject: '', rows: 1_000, exceeded: true, verdict: 'drift', reason: '' },
    ...nothing,
    ...change,
  });
  const colour = subject({ subject: 'colour', psi: 1.20449, psiNullBand: 0.0211 });
  const alcohol = subject({
    subject: 'alcohol',
    psi: 0.31,
    psiNullBand: 0.0493,
    ksStatistic: 0.2204,
    ksCriticalValue: 0.0764,
  });
  const sugar = subject({ subject: 'sugar', psi: 0.9, psiNullBand: 0.1, verdict: 'warning' });
  const score = subject({
    subject: 'score',
    psi: 0.25,
    psiNullBand: 0.0493,
    ksStatistic: 0.1812,
    ksCriticalValue: 0.0764,
  });

  test.each([
    ['FeatureDrift', 'feature', [colour, alcohol, sugar], { kind: 'broken-data' }, 0],
    ['FeatureDrift', 'feature', [subject({ subject: 'alcohol', verdict: 'insufficient-data' })], null, 1],
    ['PredictionDrift', 'prediction', [score], { kind: 'population' }, 0],
  ] as const)('%s of %s subjects', (alertName, kind, subjects, cause, at) => {
    const expected = expectedOf(alertName)[at]!;
    expect(driftAnnotations({ ...wine, kind, cause, subjects: [...subjects] })).toEqual(expected.exp_annotations);
    expect(alertLabels({ ...wine, alertName })).toEqual({ ...expected.exp_labels, alertname: alertName });
  });
});

describe('the commands of prometheus/README.md', () => {
  const [copy, start] = [
    ...readFileSync(packagePath('prometheus/README.md'), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g),
  ].map((block) => block[1]!);
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-prometheus-'));
  const local = join(folder, '.plumbline/prometheus');
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeAll(() => {
    cpSync(packagePath('prometheus'), join(folder, 'prometheus'), { recursive: true });
    mkdirSync(join(folder, '.plumbline'));
    writeFileSync(join(folder, '.plumbline/secrets.json'), JSON.stringify({ trainerToken: 'the token' }));
    execFileSync('sh', ['-e', '-c', copy!], { cwd: folder });
  });
  const readLocal = (name: string) => parse(readFileSync(join(local, name), 'utf8'));

  test('make a copy that names the ports of this machine, and nothing else', () => {
    const prometheus = readLocal('prometheus.yml');
    const targets = prometheus.scrape_configs.map(
      (job: { static_configs: { targets: string[] }[] }) => job.static_configs[0]!.targets,
    );
    const port = (schema: { default?: unknown }): string => `127.0.0.1:${schema.default}`;
    const { SERVICE_PORT, MONITOR_PORT, TRAINER_PORT } = cliSettingsSchema.properties;
    expect(targets).toEqual([[port(SERVICE_PORT)], [port(MONITOR_PORT)], [port(TRAINER_PORT)]]);
    expect(prometheus.alerting.alertmanagers[0].static_configs[0].targets).toEqual(['127.0.0.1:9093']);
    const receiver = readLocal('alertmanager.yml').receivers[0];
    expect(receiver.webhook_configs[0]).toEqual({
      url: `http://${port(TRAINER_PORT)}/v1/alerts`,
      send_resolved: true,
      http_config: { authorization: { credentials_file: 'webhook-token' } },
    });
  });

  test("write the trainer's token where Alertmanager reads it, for the owner only", () => {
    const file = join(local, 'webhook-token');
    expect(readFileSync(file, 'utf8').trim()).toBe('the token');
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  test.skipIf(!promtool || !amtool)('give configurations that both programs take', () => {
    const config = run(promtool, 'check', 'config', join(local, 'prometheus.yml'));
    expect(config).toContain(`${rules.length} rule files found`);
    expect(run(amtool, 'check-config', join(local, 'alertmanager.yml'))).toContain('SUCCESS');
  });

  test('start both with the files that were made', () => {
    const configs = [...start!.matchAll(/--config\.file=(\S+)/g)].map((match) => match[1]!);
    expect(configs.map((path) => existsSync(join(folder, path)))).toEqual([true, true]);
  });
});
