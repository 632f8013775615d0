import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createProgressBar } from '../../../cli/predict/progress.js';

function listen(isTTY: boolean): { stream: PassThrough & { isTTY: boolean }; said(): string } {
  const stream = Object.assign(new PassThrough(), { isTTY, cursorTo: () => true, clearLine: () => true, columns: 120 });
  return { stream, said: () => String(stream.read() ?? '') };
}

test('away from a terminal, writes a plain line every five seconds and none between', () => {
  const { stream, said } = listen(false);
  let now = 0;
  const bar = createProgressBar({ stream, now: () => now });
  now = 4_999;
  bar.update({ share: 0.123, rows: 7, failed: 2 });
  expect(said()).toBe('');
  now = 5_000;
  bar.update({ share: 0.129, rows: 8, failed: 2 });
  bar.update({ share: 0.2, rows: 9, failed: 2 });
  expect(said()).toBe('12 %: 8 rows, 2 with errors\n');
});

test('on a terminal, draws a bar', () => {
  const { stream, said } = listen(true);
  const bar = createProgressBar({ stream, now: () => 0 });
  bar.update({ share: 0.25, rows: 5, failed: 1 });
  bar.stop();
  expect(said()).toContain('25 % | 5 rows, 1 with errors');
});
