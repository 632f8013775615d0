import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compiledPath } from '../../core/package-path.js';
import type { TrafficReport } from '../../traffic/report.js';
import { until } from '../helpers/until.js';
import { type FakeService, startFakeService } from './fake-service.js';
import { prepareWine, wineModel } from './wine-model.js';

let folder: string;
let service: FakeService;
beforeEach(async () => {
  ({ folder } = await prepareWine());
  service = await startFakeService(wineModel);
});
afterEach(() => service.close());

function start(...args: string[]): { child: ChildProcess; ended: Promise<{ code: number | null; output: string }> } {
  const fixed = ['--model', 'wine-quality', '--rows', join(folder, 'test.csv'), '--url', service.url];
  const child = spawn(process.execPath, [compiledPath('traffic/main.js'), ...fixed, ...args]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, output }));
  });
  return { child, ended };
}

describe('the traffic process', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'on %s, pressed twice at once, ends in good order with its report',
    async (signal) => {
      const report = join(folder, 'report.json');
      const { child, ended } = start('--rate', '200', '--outcomes-delay', '0', '--report', report);
      await until('some predictions', () => service.predictions.size >= 20);
      child.kill(signal);
      child.kill(signal);
      const { code, output } = await ended;
      expect(output).toContain('rows       sent');
      expect(code).toBe(0);
      const written = JSON.parse(await readFile(report, 'utf8')) as TrafficReport;
      expect(written.sent).toBe(written.acknowledged + written.refused + written.failed);
      expect(written.acknowledged).toBe(service.predictions.size);
      expect(written.outcomesSent).toBe(service.outcomes.length);
      expect(written.outcomesSent + written.outcomesNotDue).toBe(written.acknowledged);
    },
  );

  it('exits 1 with one line when the service is not there', async () => {
    await service.close();
    const { code, output } = await start('--count', '1').ended;
    expect(code).toBe(1);
    expect(output).toMatch(/^traffic: http.*cannot be reached \(ECONNREFUSED\); start the service or correct --url\n$/);
    service = await startFakeService(wineModel);
  });

  it('exits 1 and says which option is wrong', async () => {
    expect(await start('--rate', 'fast').ended).toMatchObject({ code: 1, output: expect.stringContaining('"fast"') });
    expect(await start('--count', '0').ended).toMatchObject({
      code: 1,
      output: expect.stringContaining('"0" is not a whole number of at least 1'),
    });
  });
});
