import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packagePath } from '../../../core/package-path.js';
import { systemClock } from '../../../traffic/clock.js';
import { addTrafficOptions, type TrafficOptions } from '../../../traffic/options.js';
import { runTraffic } from '../../../traffic/run-traffic.js';
import { findTool } from '../../helpers/tool.js';
import { type FakeService, startFakeService } from '../fake-service.js';
import { prepareWine, wineModel } from '../wine-model.js';

const k6 = findTool('k6', 'go install go.k6.io/k6@latest');
let folder: string;
let service: FakeService;

beforeEach(async () => {
  ({ folder } = await prepareWine());
  service = await startFakeService(wineModel);
});
afterEach(() => service.close());

async function writeRequestFile(...args: string[]): Promise<string> {
  const file = join(folder, 'requests.jsonl');
  const fixed = ['--model', 'wine-quality', '--rows', join(folder, 'test.csv'), '--url', service.url];
  const parsed = addTrafficOptions(new Command()).parse([...fixed, '--write-requests', file, ...args], {
    from: 'user',
  });
  const sink = (): PassThrough => new PassThrough().resume();
  const signal = new AbortController().signal;
  await runTraffic(parsed.opts<TrafficOptions>(), { clock: systemClock, signal, output: sink(), progress: sink() });
  return file;
}

async function runK6(variables: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const settings = Object.entries({ URL: service.url, ...variables }).flatMap(([name, value]) => [
    '-e',
    `${name}=${value}`,
  ]);
  const child = spawn(k6!, [
    'run',
    '--no-usage-report',
    '--no-color',
    ...settings,
    packagePath('traffic/k6/replay.js'),
  ]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

describe.skipIf(!k6)('k6 replay', () => {
  it('sends each request of the file once, with its outcomes', async () => {
    const file = await writeRequestFile('--count', '95', '--batch', '10', '--scenario', 'sudden-shift');
    expect(service.requestRows).toEqual([]);
    const { code, output } = await runK6({ REQUESTS: file, OUTCOMES: '1' });
    expect(output).toContain('plumbline_rows_acknowledged');
    expect(code).toBe(0);
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n').slice(1);
    const wanted = lines.flatMap((line) => (JSON.parse(line) as { instances: unknown[] }).instances);
    const text = (values: Iterable<unknown>): string[] => [...values].map((value) => JSON.stringify(value)).sort();
    expect(text(service.predictions.values())).toEqual(text(wanted));
    expect(service.outcomes).toHaveLength(95);
  });

  it('holds a rate for a time', async () => {
    const file = await writeRequestFile('--count', '10');
    const { code } = await runK6({ REQUESTS: file, RATE: '50', FOR: '2s' });
    expect(code).toBe(0);
    expect(service.predictions.size).toBeGreaterThan(80);
    expect(service.predictions.size).toBeLessThan(110);
  });

  it('climbs by stages', async () => {
    const file = await writeRequestFile('--count', '10');
    expect(await runK6({ REQUESTS: file, STAGES: '1s:40,1s:0' })).toMatchObject({ code: 0 });
    expect(service.predictions.size).toBeGreaterThan(20);
  });

  it('fails its threshold when requests are refused', async () => {
    const file = await writeRequestFile('--count', '20');
    service.behave = (_, request) => (request % 2 ? { status: 503 } : 'answer');
    const { code, output } = await runK6({ REQUESTS: file });
    expect(output).toMatch(/thresholds on metrics '[^']*http_req_failed[^']*' have been crossed/);
    expect(code).toBe(99);
  });

  it('says what to set when there is no request file', async () => {
    const { code, output } = await runK6({});
    expect(code).not.toBe(0);
    expect(output).toContain('set REQUESTS to a file written by: plumbline traffic --write-requests FILE');
  });
});
