import { describe, expect, it } from 'vitest';
import { createPace } from '../../traffic/pace.js';

function clockAt(start: number): { time: number; now(): number; sleep(): Promise<void> } {
  return {
    time: start,
    now() {
      return this.time;
    },
    sleep: async () => undefined,
  };
}

describe('createPace', () => {
  it('spreads rows evenly, by the number of rows', () => {
    const due = createPace(100, clockAt(0));
    expect([due(10), due(10), due(5), due(1)]).toEqual([0, 100, 200, 250]);
  });

  it('catches up at most one second after a stall', () => {
    const clock = clockAt(0);
    const due = createPace(10, clock);
    due(1);
    clock.time = 60_000;
    expect([due(1), due(1)]).toEqual([59_000, 59_100]);
  });

  it('at the rate Infinity rows are due at once', () => {
    const clock = clockAt(5);
    const due = createPace(Number.POSITIVE_INFINITY, clock);
    expect([due(1000), due(1000)]).toEqual([5, 5]);
  });
});
