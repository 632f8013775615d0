import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Stack } from '../../cli/stack/stack-file.js';
import { packagePath } from '../../core/package-path.js';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { type Answer, isEmpty } from '../../grafana/preview/answer.js';
import { ask, askPanel, type DataSources, openDashboard, pointsOf } from '../../grafana/preview/ask.js';
import type { DashboardFile, PanelFile } from '../../grafana/preview/dashboard-file.js';
import { type OtlpReceiver, startOtlpReceiver } from '../helpers/otlp-receiver.js';
import { type AlertingPair, findAlertingTools, startAlerting } from '../helpers/prometheus.js';
import { createStackPlace, plumbline, type Running, type StackPlace } from '../helpers/stack.js';
import { until } from '../helpers/until.js';

// Every query of every panel, as Grafana would ask it, of the real Prometheus and Postgres of a stack that has been
// through it all: traffic, drift, a retraining, a promotion.
const run = promisify(execFile);
const tools = findAlertingTools();
const folder = packagePath('grafana/dashboards');
const dashboards = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as DashboardFile);
const panels = dashboards.flatMap((dashboard) =>
  dashboard.panels
    .filter(({ type }) => type !== 'row')
    .map((panel) => ({ name: `${dashboard.uid}: ${panel.title}`, dashboard, panel })),
);

/** Panels, or single queries by their letter, that are right to have no data after this story, and why. */
const MAY_BE_EMPTY: Record<string, string> = {
  'plumbline-service: What share of requests is refused or fails?': 'no request fails',
  'plumbline-service: Why are requests invalid?': 'no request is invalid',
  'plumbline-service: What does the service turn away?': 'nothing is refused',
  'plumbline-service: What may still fail?': 'recorded every five minutes',
  'plumbline-service: What may still be late?': 'recorded every five minutes',
  'plumbline-service: What may still be lost?': 'recorded every five minutes',
  'plumbline-drift: What does the change look like?': 'the new champion has not drifted',
  'plumbline-drift: Are values missing?': 'the example has no missing values',
  'plumbline-drift: Are values out of range?': 'in range again once the drift is learned',
  'plumbline-drift: Are there unknown categories?': 'the example has no categories',
  'plumbline-drift: Does anything repeat or stand still? B': 'every feature varies',
  'plumbline-quality: How far off is it?': 'the example is a classifier',
};

let place: StackPlace;
let receiver: OtlpReceiver;
let alerting: AlertingPair | undefined;
let up: Running;
let reader: Pool;
let sources: DataSources;
let began: Date;

beforeAll(async () => {
  if (!tools) return;
  began = new Date();
  place = await createStackPlace();
  receiver = await startOtlpReceiver();
  const environment = { ...place.environment, ...receiver.environment, OTEL_TRACES_SAMPLER_ARG: '0.1' };
  up = plumbline(['up', '--alerting', 'prometheus'], environment);
  await until('the stack to be ready', () => up.output().includes('npm run demo'), 120_000);
  const stack = JSON.parse(await readFile(join(place.home, 'stack.json'), 'utf8')) as Stack;
  alerting = await startAlerting(tools, place, stack.trainerToken);
  const demo = plumbline(['demo'], place.environment);
  expect(await demo.ended, demo.output()).toBe(0);

  const password = 'only for reading this';
  const grafana = plumbline(['reader', 'grafana'], { ...place.environment, PLUMBLINE_READER_PASSWORD: password });
  expect(await grafana.ended, grafana.output()).toBe(0);
  const url = Object.assign(new URL(stack.databaseUrl), { username: 'grafana', password });
  reader = createPool({ connectionString: url.toString(), applicationName: 'grafana', onError: () => undefined });
  sources = { prometheusUrl: alerting.prometheusUrl, db: reader };
}, 400_000);
afterAll(async () => {
  await reader?.end();
  await alerting?.stop();
  if (up) {
    up.child.kill('SIGTERM');
    await up.ended;
  }
  await receiver?.close();
  await place?.remove();
});

async function answersOf(dashboard: DashboardFile, panel: PanelFile): Promise<Answer[]> {
  const view = await openDashboard(reader, dashboard, { from: began, to: new Date() });
  return askPanel(sources, panel, view);
}

test.skipIf(!tools).each(panels)('$name: every query returns data', async ({ name, dashboard, panel }) => {
  const wanted = (panel.targets ?? []).map(
    ({ refId }) => !(name in MAY_BE_EMPTY) && !(`${name} ${refId}` in MAY_BE_EMPTY),
  );
  // Of a query that may be empty it matters that Prometheus or Postgres takes it.
  await until(
    `data in "${name}"`,
    async () => {
      const answers = await answersOf(dashboard, panel);
      return answers.every((answer, i) => !wanted[i] || !isEmpty(answer));
    },
    30_000,
  );
});

test('the panels and queries that may be empty are there', () => {
  const names = panels.flatMap(({ name, panel }) => [name, ...panel.targets!.map(({ refId }) => `${name} ${refId}`)]);
  expect(Object.keys(MAY_BE_EMPTY).filter((name) => !names.includes(name))).toEqual([]);
});

test.skipIf(!tools)('the promotion is a mark on the charts', async () => {
  const overview = dashboards.find(({ uid }) => uid === 'plumbline-overview')!;
  const view = await openDashboard(reader, overview, { from: began, to: new Date() });
  const marks = await ask(sources, overview.annotations.list[0]!.target, view, 800);
  expect(JSON.stringify(marks)).toContain('Version 2 of wine-quality is the champion');
});

test.skipIf(!tools)('from a diamond on the latency chart to the row: the trace id stands on a prediction', async () => {
  const find = (uid: string, title: string): { dashboard: DashboardFile; panel: PanelFile } =>
    panels.find(({ dashboard, panel }) => dashboard.uid === uid && panel.title === title)!;
  const { dashboard, panel } = find('plumbline-service', 'How long do predictions take?');
  const target = panel.targets!.find(({ exemplar }) => exemplar)!;
  const view = await openDashboard(reader, dashboard, { from: began, to: new Date() });
  const answer = await ask(sources, target, view, pointsOf(panel));
  const ids = answer.kind === 'series' ? answer.exemplars.map(({ traceId }) => traceId) : [];
  expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
  const { rows } = await reader.query('select model_name from predictions where trace_id = any ($1)', [ids]);
  expect(rows[0]).toEqual({ model_name: 'wine-quality' });
});

test.skipIf(!tools)('the links of Drift lead to the report and to the prediction', async () => {
  const { consoleToken } = JSON.parse(await readFile(join(place.home, 'stack.json'), 'utf8')) as Stack;
  const drift = dashboards.find(({ uid }) => uid === 'plumbline-drift')!;
  const monitorUrl = `http://127.0.0.1:${place.monitorPort}`;
  const form = new URLSearchParams({ token: consoleToken });
  const signedIn = await fetch(`${monitorUrl}/sign-in`, { method: 'POST', body: form, redirect: 'manual' });
  const cookie = signedIn.headers.getSetCookie()[0]!.split(';')[0]!;
  const chosen = new Map([['console', [monitorUrl]]]);
  const view = await openDashboard(reader, drift, { from: began, to: new Date() }, chosen);
  for (const [title, column] of [
    ['What was decided, and why?', 'window'],
    ['Which predictions can be looked at?', 'prediction'],
  ]) {
    const panel = drift.panels.find((each) => each.title === title)!;
    const [answer] = await askPanel(sources, panel, view);
    const url = linkOf(panel, column!, answer!, view.variables);
    const response = await fetch(url, { headers: { cookie }, redirect: 'manual' });
    expect(response.status, url).toBe(200);
    expect(await response.text()).toContain('wine-quality');
  }
});

/** The link of the first row's cell, as Grafana makes it. */
function linkOf(panel: PanelFile, column: string, answer: Answer, variables: Map<string, string[]>): string {
  if (answer.kind !== 'table') throw new Error(`"${panel.title}" is no table`);
  const override = panel.fieldConfig!.overrides!.find(({ matcher }) => matcher.options === column)!;
  const links = override.properties.find(({ id }) => id === 'links')!.value as { url: string }[];
  const value = (name: string): string => String(answer.rows[0]![answer.columns.indexOf(name)]);
  return links[0]!.url
    .replaceAll(`\${__value.raw}`, value(column))
    .replace(/\$\{__data\.fields\.(\w+)\}/g, (_, name: string) => value(name))
    .replace(/\$\{(\w+)\}/g, (_, name: string) => variables.get(name)![0]!);
}

test.skipIf(!tools)('the command of grafana/README.md draws all five', async () => {
  const text = await readFile(packagePath('grafana/README.md'), 'utf8');
  const command = /^npm run dashboards:preview .*$/m.exec(text)![0];
  const local = command.replace('http://127.0.0.1:9090', alerting!.prometheusUrl);
  const out = join(place.home, 'preview');
  await run('bash', ['-c', `${local} --out ${out}`], { cwd: packagePath('.'), env: place.environment });
  expect(readdirSync(out).sort()).toEqual(
    ['capture.html', 'drift.html', 'overview.html', 'preview.css', 'quality.html', 'service.html'].sort(),
  );
  const overview = await readFile(join(out, 'overview.html'), 'utf8');
  expect(overview).toContain('A preview of the dashboard');
  expect(overview).toContain('wine-quality');
});
