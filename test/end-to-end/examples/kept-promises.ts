import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { DriftWindow } from '../../../cli/demo/api.js';
import { readCsv } from '../../../core/csv.js';
import { until } from '../../helpers/until.js';
import type { ExampleStack } from './example-stack.js';

interface Registered {
  versions: { version: number; metrics: { training?: { rows: number; accuracy: number } } }[];
}

/**
 * The answers of the service to test.csv are as often right as the registry says of rows held out of the training. Both are
 * shares of different rows, so they may differ by three standard errors of such a difference.
 */
export async function expectRegisteredAccuracy(
  { command, folder, stack }: ExampleStack,
  model: string,
  target: string,
): Promise<void> {
  const scoredFile = join(folder, 'scored.csv');
  await command('predict', '--input', join(folder, 'test.csv'), '--output', scoredFile, '--model-version', '1');
  const { rows } = await readCsv(scoredFile);
  const accuracy = rows.filter((row) => row.label === row[target]).length / rows.length;
  const { versions } = (await (await fetch(`${stack.serviceUrl}/v1/models/${model}`)).json()) as Registered;
  const registered = versions.find(({ version }) => version === 1)!.metrics.training!;
  expect(registered.rows).toBeGreaterThan(90);
  const share = (accuracy * rows.length + registered.accuracy * registered.rows) / (rows.length + registered.rows);
  const error = Math.sqrt(share * (1 - share) * (1 / rows.length + 1 / registered.rows));
  const compared = `served ${accuracy} of ${rows.length}, registered ${registered.accuracy} of ${registered.rows}`;
  expect(Math.abs(accuracy - registered.accuracy), compared).toBeLessThan(3 * error);
}

const TITLES = {
  'data-drift': 'Data drift',
  'data-quality': 'Data quality',
  'target-drift': 'Target drift',
  'model-performance': 'Model performance',
};

interface WrittenReport {
  kind: string;
  model: { name: string; version: number };
  window: { row_count: number };
  verdict: string;
  headline: string;
}

/** The report on the answers in a window, by HTTP, says that the predicted class and its score have drifted. */
export async function expectTargetDrift({ name, stack }: ExampleStack, window: DriftWindow): Promise<void> {
  const stretch = encodeURIComponent(`${window.window_start}/${window.window_end}`);
  const url = `${stack.monitorUrl}/v1/models/${name}/reports/target-drift?version=1&window=${stretch}&format=json`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${stack.consoleToken}` } });
  const report = (await response.json()) as WrittenReport & { subjects: { subject: string; verdict: string }[] };
  expect(report, JSON.stringify(report)).toMatchObject({ kind: 'target-drift', verdict: 'drift' });
  const drifted = report.subjects.filter(({ verdict }) => verdict === 'drift').map(({ subject }) => subject);
  expect(drifted.sort()).toEqual(['class', 'score']);
}

/** Data that looks broken calls for a person: the retraining that was asked for waits, and none has begun. */
export async function expectNothingTrained({ api }: ExampleStack): Promise<void> {
  const runs = await until('a retraining to wait for a person', async () => {
    const found = await api.runs(new Date(0));
    return found.some(({ state, reason }) => state === 'queued' && /looks like broken data/.test(reason)) && found;
  });
  expect(runs.filter(({ state, candidate_version }) => state === 'promoted' || candidate_version !== null)).toEqual([]);
  expect(await api.championVersion()).toBe(1);
}

/** One command writes the four reports on the newest window of version 1, and each comes by HTTP too, saying the same. */
export async function expectFourReports({ command, folder, stack }: ExampleStack, model: string): Promise<void> {
  const reports = join(folder, 'reports');
  const ask = async (kind: string, format: string): Promise<string> => {
    const url = `${stack.monitorUrl}/v1/models/${model}/reports/${kind}?version=1&format=${format}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${stack.consoleToken}` } });
    expect(response.status).toBe(200);
    return response.text();
  };
  const written = async (kind: string): Promise<WrittenReport> =>
    JSON.parse(await readFile(join(reports, `${kind}.json`), 'utf8'));
  // The newest window may be another one until the last rows are counted.
  await until('the command and HTTP to say the same', async () => {
    await command('report', model, '--kind', 'all', '--model-version', '1', '--output', reports);
    for (const kind of Object.keys(TITLES)) {
      const { headline, window } = JSON.parse(await ask(kind, 'json')) as WrittenReport;
      expect(await written(kind)).toMatchObject({ headline, window });
    }
    return true;
  });
  for (const [kind, title] of Object.entries(TITLES)) {
    const report = await written(kind);
    expect(report).toMatchObject({ kind, model: { name: model, version: 1 } });
    expect(report.window.row_count).toBeGreaterThan(300);
    const heading = `<h1>${title} of ${model}`;
    expect(await readFile(join(reports, `${kind}.html`), 'utf8')).toContain(heading);
    expect(await ask(kind, 'html')).toContain(heading);
  }
  expect(await written('data-drift')).toMatchObject({ verdict: 'drift', subjects: { length: 16 } });
  expect(await written('data-quality')).toMatchObject({ features: { length: 16 } });
  expect(await written('target-drift')).toMatchObject({ label_shift: { window: {} } });
  expect(await written('model-performance')).toMatchObject({ current: { model_version: 1 } });
}
