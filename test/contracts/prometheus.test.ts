import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { cliSettingsSchema } from '../../cli/settings.js';
import { packagePath } from '../../core/package-path.js';
import { findTool } from '../helpers/tool.js';
import { alertRules, readYaml, recordingRules, ruleFiles, testFiles } from './rules.js';
import { runTool } from './run-tool.js';

const promtool = findTool('promtool', 'apt-get install prometheus (it brings promtool)');
const amtool = findTool('amtool', 'apt-get install prometheus-alertmanager (it brings amtool)');

test.skipIf(!promtool)('the configuration of Prometheus is valid, its rules found', () => {
  const said = runTool(promtool, ['check', 'config', 'prometheus/prometheus.yml']);
  expect(said).toContain(`${ruleFiles.length} rule files found`);
});

test.skipIf(!promtool)('the rules are valid', () => {
  const said = runTool(promtool, ['check', 'rules', ...ruleFiles]);
  const found = [...said.matchAll(/SUCCESS: (\d+) rules found/g)].map((match) => Number(match[1]));
  expect(found.reduce((sum, count) => sum + count, 0)).toBe(alertRules.length + recordingRules.length);
});

test.skipIf(!promtool).each(testFiles)(
  '%s: alerts are silent, then fire with their exact labels and text',
  (file) => {
    expect(runTool(promtool, ['test', 'rules', file])).toContain('SUCCESS');
  },
  120_000,
);

test.skipIf(!amtool)('the configuration of Alertmanager is valid', () => {
  expect(runTool(amtool, ['check-config', 'prometheus/alertmanager.yml'])).toContain('SUCCESS');
});

test('the webhook gets ends too, with a token from a file, grouped by model', () => {
  const { route, receivers } = readYaml<{
    route: { routes: { receiver: string; group_by?: string[] }[] };
    receivers: { name: string; webhook_configs?: unknown[] }[];
  }>('prometheus/alertmanager.yml');
  expect(route.routes[0]).toMatchObject({ receiver: 'trainer', group_by: ['model_name'] });
  const trainer = receivers.find(({ name }) => name === 'trainer');
  expect(trainer?.webhook_configs?.[0]).toMatchObject({
    send_resolved: true,
    url: 'http://trainer:8082/v1/alerts',
    http_config: { authorization: { credentials_file: '/secrets/alertmanager-trainer-token' } },
  });
});

describe('the commands of prometheus/README.md', () => {
  const [copy, start, links] = [
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
    const config = runTool(promtool, ['check', 'config', join(local, 'prometheus.yml')]);
    expect(config).toContain(`${ruleFiles.length} rule files found`);
    expect(runTool(amtool, ['check-config', join(local, 'alertmanager.yml')])).toContain('SUCCESS');
  });

  test('start both with the files that were made', () => {
    const configs = [...start!.matchAll(/--config\.file=(\S+)/g)].map((match) => match[1]!);
    expect(configs.map((path) => existsSync(join(folder, path)))).toEqual([true, true]);
  });

  test('put the addresses of docs and Grafana into every alert', () => {
    execFileSync('sh', ['-e', '-c', links!], { cwd: folder });
    const texts = ruleFiles.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
    expect([...texts.matchAll(/runbook_url: https:\/\/example\.org\/plumbline\/docs\/runbook\/\w+\.md/g)]).toHaveLength(
      alertRules.length,
    );
    expect([...texts.matchAll(/https:\/\/grafana\.example\.org\/d\/plumbline-/g)]).toHaveLength(alertRules.length);
    expect(texts).not.toMatch(/127\.0\.0\.1|runbook_url: docs/);
  });
});
