import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createProgress } from '../../traffic/progress.js';
import { createTally } from '../../traffic/tally.js';

function listen(isTTY: boolean): { stream: PassThrough & { isTTY: boolean }; said(): string } {
  const stream = Object.assign(new PassThrough(), { isTTY, cursorTo: () => true, clearLine: () => true, columns: 120 });
  return { stream, said: () => String(stream.read() ?? '') };
}

describe('createProgress', () => {
  it('away from a terminal, writes a plain line every five seconds and none between', () => {
    const { stream, said } = listen(false);
    let now = 0;
    const tally = { ...createTally(), sent: 7, acknowledged: 4, refusedByStatus: { 503: 2 }, failedByReason: { x: 1 } };
    const progress = createProgress({ stream, tally, count: 10, now: () => now });
    now = 4999;
    progress.update(3);
    expect(said()).toBe('');
    now = 5000;
    progress.update(3);
    expect(said()).toBe('sent 7 of 10, acknowledged 4, refused 2, failed 1, outcomes sent 0, waiting 3\n');
    progress.update(3);
    expect(said()).toBe('');
  });

  it.each([
    [20, '25 % | 5/20 rows'],
    [Number.POSITIVE_INFINITY, '5 rows sent | acknowledged 5'],
  ])('on a terminal, draws a bar, and without an end a count: %d', (count, text) => {
    const { stream, said } = listen(true);
    const progress = createProgress({
      stream,
      tally: { ...createTally(), sent: 5, acknowledged: 5 },
      count,
      now: () => 0,
    });
    progress.update(0);
    progress.stop();
    expect(said()).toContain(text);
  });
});
