import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { packagePath } from '../../core/package-path.js';
import { findTool } from '../helpers/tool.js';
import { alertNames, alertRules, alertTests, readYaml } from './rules.js';
import { runTool } from './run-tool.js';

const DASHBOARDS = ['overview', 'service', 'drift', 'quality', 'capture'].map((name) => `plumbline-${name}`);
const TRAINED_ON = ['FeatureDrift', 'PredictionDrift'];
const amtool = findTool('amtool', 'apt-get install prometheus-alertmanager (it brings amtool)');
const ALERTMANAGER = 'prometheus/alertmanager.yml';

/** Who is told of an alert with these labels, by `amtool`. */
function receiversOf(labels: string[]): string {
  return runTool(amtool, ['config', 'routes', 'test', `--config.file=${ALERTMANAGER}`, ...labels]).trim();
}

test('there are alerts', () => {
  expect(alertNames.length).toBeGreaterThanOrEqual(18);
});

describe.each(alertRules)('$alert ($labels.severity)', ({ alert, expr, labels, annotations }) => {
  test('says what, with numbers, what to do and where to look', () => {
    expect(labels.severity).toMatch(/^(critical|warning)$/);
    expect(annotations.summary).toMatch(/^.{15,}[^.]$/);
    // What is not a number itself is asked for.
    expect(annotations.description).toMatch(/\$value|query/);
    expect(annotations.runbook_url).toBe(`docs/runbook/${alert}.md`);
    expect(DASHBOARDS).toContain(/^http:\/\/127\.0\.0\.1:3000\/d\/([\w-]+)/.exec(annotations.dashboard_url!)?.[1]);
  });

  test('takes its threshold from a metric', () => {
    // Numbers that stay are of the method (burn rates, k of n, least counts), not of a model or a service.
    const compared = [...expr.matchAll(/[<>=]=?\s*([\d.]+)/g)].map((match) => Number(match[1]));
    const ofTheMethod = [0, 1, 0.5, 0.9, 5, 10, 14.4, 6, 3, 2];
    expect(compared.filter((number) => !ofTheMethod.includes(number))).toEqual([]);
  });

  test('a rule test sees it silent, and firing with all labels and texts', () => {
    const own = alertTests.filter(({ alertname }) => alertname === alert);
    expect(own.some(({ exp_alerts = [] }) => exp_alerts.length === 0)).toBe(true);
    const fired = own
      .flatMap(({ exp_alerts = [] }) => exp_alerts)
      .filter(({ exp_labels }) => exp_labels.severity === labels.severity);
    expect(fired.length).toBeGreaterThan(0);
    for (const { exp_annotations } of fired) {
      expect(Object.keys(exp_annotations).sort()).toEqual(Object.keys(annotations).sort());
    }
  });

  test.skipIf(!amtool)('goes to the trainer, to be woken by, or to be looked at, as it should', () => {
    const wanted = TRAINED_ON.includes(alert) ? 'trainer' : labels.severity === 'critical' ? 'pager' : 'operators';
    expect(receiversOf([`alertname=${alert}`, `severity=${labels.severity}`])).toBe(wanted);
  });
});

test.skipIf(!amtool)('an alert of another rule file never reaches the trainer', () => {
  expect(receiversOf(['alertname=Drift', 'severity=warning', 'model_name=wine'])).toBe('operators');
});

test.skipIf(!amtool).each([
  ['realised', 'trainer,operators'],
  ['estimated', 'operators'],
])('a loss of performance that is %s goes to %s', (source, wanted) => {
  const given = ['alertname=PerformanceDrop', 'severity=warning', 'model_name=wine', `source=${source}`];
  expect(receiversOf(given)).toBe(wanted);
});

test('every alert has a page, and every page an alert', () => {
  const pages = readdirSync(packagePath('docs/runbook')).filter((name) => name !== 'README.md');
  expect(pages.sort()).toEqual(alertNames.map((name) => `${name}.md`).sort());
  const overview = readFileSync(packagePath('docs/runbook/README.md'), 'utf8');
  const rows = [...overview.matchAll(/^\| \[(\w+)\]\(\w+\.md\) \| ([\w, ]+) \|/gm)].map((row) => [row[1]!, row[2]!]);
  const severities = alertNames.map((name) => [name, severitiesOf(name).join(', ')]);
  expect(rows.sort()).toEqual(severities.sort());
});

test.each(alertNames)('the page of %s can be used at night', (name) => {
  const text = readFileSync(packagePath(`docs/runbook/${name}.md`), 'utf8');
  for (const part of ['What it means.', 'What users notice.', 'Back to sleep']) expect(text).toContain(`**${part}`);
  expect(text).toMatch(/\*\*(Stop the bleeding|Decide)\.\*\*/);
  const [commands] = /```sh\n([\s\S]*?)```/.exec(text) ?? [];
  const lines = commands?.trim().split('\n').slice(1, -1) ?? [];
  expect(lines.length).toBeGreaterThanOrEqual(2);
  expect(lines.length).toBeLessThanOrEqual(3);
});

test('inhibition is between alerts that exist', () => {
  const { inhibit_rules } = readYaml<{ inhibit_rules: Record<string, string[]>[] }>(ALERTMANAGER);
  const matchers = inhibit_rules.flatMap((rule) => [...rule.source_matchers!, ...rule.target_matchers!]);
  const names = matchers
    .filter((matcher) => matcher.startsWith('alertname'))
    .flatMap((matcher) => /"(.*)"/.exec(matcher)![1]!.split('|'));
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !alertNames.includes(name))).toEqual([]);
});

test('commands of the runbook ask compose for services that there are', () => {
  const { services } = readYaml<{ services: Record<string, unknown> }>('docker-compose.yml');
  const text = alertNames.map((name) => readFileSync(packagePath(`docs/runbook/${name}.md`), 'utf8')).join('\n');
  const commands = [...text.matchAll(/docker compose ([^`\n#]*)/g)].map((match) => match[1]!.trim());
  expect(commands.length).toBeGreaterThan(20);
  const wrong = commands.filter((command) => {
    const [, service] = /^(?:logs --since \w+|restart|up --detach|exec) (\w+)(?: plumbline .*)?$/.exec(command) ?? [];
    return service === undefined ? !/^ps(?: --all)?$/.test(command) : !(service in services);
  });
  expect(wrong).toEqual([]);
});

function severitiesOf(name: string): string[] {
  return alertRules.filter(({ alert }) => alert === name).map(({ labels }) => labels.severity!);
}
