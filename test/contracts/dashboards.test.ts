import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packagePath } from '../../core/package-path.js';
import { exportedMetrics } from '../../docs/generate-metrics.js';
import { renderDashboards } from '../../grafana/all.js';
import { SOURCES } from '../../grafana/panels/sources.js';
import type { DashboardFile, PanelFile } from '../../grafana/preview/dashboard-file.js';
import { SCRAPE_SECONDS } from '../../grafana/preview/view.js';
import { countRates, ratesIn } from '../helpers/promql.js';
import { knownMetricNames, metricNamesIn } from './metric-names.js';

const FOLDER = 'grafana/dashboards';
const read = (path: string): string => readFileSync(packagePath(path), 'utf8');
const files = readdirSync(packagePath(FOLDER)).filter((name) => name.endsWith('.json'));
const dashboards = files.map((name) => JSON.parse(read(`${FOLDER}/${name}`)) as DashboardFile);
const drawn = dashboards.flatMap((dashboard) =>
  dashboard.panels
    .filter(({ type }) => type !== 'row')
    .map((panel) => ({ name: `${dashboard.title}: ${panel.title}`, dashboard, panel })),
);
const promql = drawn.flatMap(({ name, panel }) =>
  (panel.targets ?? []).flatMap((target) => (target.expr === undefined ? [] : [{ name, target, expr: target.expr }])),
);

/** What Grafana itself puts a value to. */
const GLOBAL = /^(__\w+|timeFilter|timeGroup\w*)$/;

test('the committed files are what the sources make: npm run dashboards', () => {
  const rendered = renderDashboards();
  expect([...rendered.keys()].sort()).toEqual([...files].sort());
  for (const [name, text] of rendered) expect(text, name).toBe(read(`${FOLDER}/${name}`));
});

test('there are five dashboards with fixed uids, in the folder that Grafana is told of', () => {
  expect(dashboards.map(({ uid }) => uid).sort()).toEqual(
    ['capture', 'drift', 'overview', 'quality', 'service'].map((name) => `plumbline-${name}`),
  );
  const { providers } = parse(read('grafana/provisioning/dashboards/plumbline.yaml'));
  const { services } = parse(read('docker-compose.yml'), { merge: true });
  expect(services.grafana.volumes).toContain(`./${FOLDER}:${providers[0].options.path}:ro`);
});

test('the data sources of the panels are those that are provisioned, with links from exemplars to traces', () => {
  const { datasources } = parse(read('grafana/provisioning/datasources/plumbline.yaml'));
  const provisioned = datasources.map(({ type, uid }: { type: string; uid: string }) => ({ type, uid }));
  expect(provisioned).toEqual(Object.values(SOURCES));
  const [{ jsonData }] = datasources;
  expect(jsonData.timeInterval).toBe(`${SCRAPE_SECONDS}s`);
  expect(parse(read('prometheus/prometheus.yml')).global.scrape_interval).toBe(`${SCRAPE_SECONDS}s`);
  expect(jsonData.exemplarTraceIdDestinations).toEqual([{ name: 'trace_id', datasourceUid: SOURCES.jaeger.uid }]);
});

describe.each(drawn)('$name', ({ dashboard, panel }) => {
  const { defaults } = panel.fieldConfig!;
  test('asks its question, says how to read the answer, and what no data means', () => {
    expect(panel.title).toMatch(/^[A-Z].*\?$/);
    expect(panel.description).toMatch(/^\S.{30,}\.$/s);
    expect(defaults.unit).toMatch(/^(none|percentunit|s|bytes|reqps|suffix: .+)$/);
    expect(defaults.noValue).toMatch(/^[A-Z].{5,}[^.]$/);
    const values = defaults.thresholds!.steps.map(({ value }) => value);
    expect(values[0]).toBeNull();
    expect(values.slice(1)).toEqual([...values.slice(1)].sort((a, b) => a! - b!));
  });
  test('asks one data source, with letters for its queries', () => {
    const uids = panel.targets!.map(({ datasource }) => datasource.uid);
    expect(new Set(uids)).toEqual(new Set([panel.datasource!.uid]));
    expect(Object.values(SOURCES).map(({ uid }): string => uid)).toContain(uids[0]);
    expect(panel.targets!.map(({ refId }) => refId)).toEqual([...'ABCDEF'].slice(0, uids.length));
  });
  test('uses only variables that the dashboard has', () => {
    const names = dashboard.templating.list.map(({ name }) => name);
    expect(variablesIn(panel).filter((name) => !names.includes(name))).toEqual([]);
  });
  test('fits into the grid', () => {
    const { x, w, h } = panel.gridPos!;
    expect(x + w).toBeLessThanOrEqual(24);
    expect(h).toBeGreaterThanOrEqual(4);
  });
});

describe.each(dashboards)('$title', (dashboard) => {
  test('has panels that do not overlap, each with an id of its own', () => {
    const panels = dashboard.panels;
    const pairs = panels.flatMap((a, i) => panels.slice(i + 1).map((b) => [a, b] as const));
    const overlapping = pairs.filter(([a, b]) => overlap(a, b)).map(([a, b]) => [a.title, b.title]);
    expect(overlapping).toEqual([]);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });
  test('uses all its variables, and shows promotions', () => {
    const used = new Set(
      [...dashboard.panels, ...dashboard.templating.list, dashboard.annotations].flatMap(variablesIn),
    );
    expect(dashboard.templating.list.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
    expect(dashboard.annotations.list.map(({ name }) => name)).toEqual(['Promotions']);
  });
  test('leads only to dashboards that there are', () => {
    const uids = [...JSON.stringify(dashboard).matchAll(/\/d\/([\w-]+)/g)].map((match) => match[1]!);
    expect(uids.filter((uid) => !dashboards.some((other) => other.uid === uid))).toEqual([]);
  });
});

describe('every PromQL query', () => {
  const known = knownMetricNames();
  const metrics = new Map(exportedMetrics().map(({ name, type }) => [name, type]));
  /** A metric by the name of one of its series. */
  const typeOf = (series: string): string | undefined => {
    const family = series.replace(/_(bucket|sum|count)$/, '');
    return metrics.get(series) ?? (metrics.get(family) === 'histogram' ? 'histogram' : undefined);
  };
  test('there are some', () => {
    expect(promql.length).toBeGreaterThan(40);
  });
  test.each(promql)('$name: uses metrics that exist', ({ expr }) => {
    const names = metricNamesIn(expr);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });
  test.each(promql)('$name: takes rates of counters, and of every counter', ({ expr, target }) => {
    const rates = ratesIn(expr);
    expect(rates.length, 'a rate that is not read here').toBe(countRates(expr));
    for (const { metric, range } of rates) {
      expect(['counter', 'histogram'], metric).toContain(typeOf(metric));
      expect(range).toBe(target.instant ? '$__range' : '$__rate_interval');
    }
    const counters = metricNamesIn(expr).filter((name) => ['counter', 'histogram'].includes(typeOf(name) ?? ''));
    const rated = rates.map(({ metric }) => metric);
    // The balance of rows since each process started is one of plain counts.
    if (!expr.includes('capture_spooled_rows')) expect(counters.filter((name) => !rated.includes(name))).toEqual([]);
  });
});

function variablesIn(part: PanelFile | object): string[] {
  const text = JSON.stringify(part);
  const names = [...text.matchAll(/\$\{?(\w+)/g)].map((match) => match[1]!);
  return [...new Set(names.filter((name) => !GLOBAL.test(name)))];
}

function overlap(a: PanelFile, b: PanelFile): boolean {
  const [p, q] = [a.gridPos!, b.gridPos!];
  return p.x < q.x + q.w && q.x < p.x + p.w && p.y < q.y + q.h && q.y < p.y + p.h;
}
