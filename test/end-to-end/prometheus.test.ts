import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { StoryResult } from '../../cli/demo/story.js';
import { type AlertingPair, findAlertingTools, startAlerting } from '../helpers/prometheus.js';
import { createStackPlace, plumbline, type Running, type StackPlace } from '../helpers/stack.js';
import { findData } from '../helpers/tool.js';
import { until } from '../helpers/until.js';

const tools = findAlertingTools();
let place: StackPlace;
let up: Running | undefined;
let alerting: AlertingPair | undefined;

afterEach(async () => {
  await alerting?.stop();
  if (up && up.child.exitCode === null) {
    up.child.kill('SIGTERM');
    await up.ended;
  }
  await place.remove();
});

// The real wines where they are at hand, generated ones elsewhere.
const csv = findData('winequality-white.csv');
const WINES = csv ? "the publisher's wines" : 'generated wines (no winequality-white.csv in TEST_DATA_FOLDER)';

test.skipIf(!tools)(`${WINES}: the whole loop with real Prometheus and Alertmanager in between`, async () => {
  place = await createStackPlace();
  up = plumbline(['up', '--alerting', 'prometheus', ...(csv ? ['--csv', csv] : [])], place.environment);
  const started = up;
  await until('the stack to be ready', () => started.output().includes('npm run demo'), 120_000);
  const { trainerToken } = JSON.parse(await readFile(join(place.home, 'secrets.json'), 'utf8')) as {
    trainerToken: string;
  };
  alerting = await startAlerting(tools!, place, trainerToken);

  const report = join(place.home, 'report.json');
  const demo = plumbline(['demo', '--report', report], place.environment);
  const fired = until('Prometheus to fire FeatureDrift', () => findAlert(alerting!.prometheusUrl), 200_000);
  expect(await demo.ended, demo.output()).toBe(0);
  const alert = await fired;
  expect(alert.labels).toEqual({
    alertname: 'FeatureDrift',
    model_name: 'wine-quality',
    model_version: '1',
    severity: 'warning',
  });
  expect(alert.annotations.description).toMatch(/alcohol: .*psi \d\.\d+ \(threshold 0\.100\)/);

  const result = JSON.parse(await readFile(report, 'utf8')) as StoryResult;
  expect(result.run.state, demo.output()).toBe('promoted');
  expect(result.cleared, demo.output()).toBe(true);
  expect(result.stored).toBe(result.acknowledged);
  await until(
    'Alertmanager to hold no drift alert any more',
    async () => {
      const alerts = (await (await fetch(`${alerting!.alertmanagerUrl}/api/v2/alerts`)).json()) as {
        labels: Record<string, string>;
      }[];
      return alerts.every(({ labels }) => !labels.alertname?.endsWith('Drift'));
    },
    60_000,
  );
});

interface FiringAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  state: string;
}

async function findAlert(prometheusUrl: string): Promise<FiringAlert | undefined> {
  const { data } = (await (await fetch(`${prometheusUrl}/api/v1/alerts`)).json()) as {
    data: { alerts: FiringAlert[] };
  };
  return data.alerts.find((alert) => alert.labels.alertname === 'FeatureDrift' && alert.state === 'firing');
}
