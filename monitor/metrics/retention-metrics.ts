import { Counter, Gauge, type Registry } from 'prom-client';
import { HOLDS, type Hold } from '../retention/find-hold.js';

/** What retention did, and what keeps it from doing more. */
export interface RetentionMetrics {
  days: Counter;
  rows: Counter;
  held: Gauge<'reason'>;
}

/** Creates them in `registry`, at zero. */
export function createRetentionMetrics(registry: Registry): RetentionMetrics {
  const registers = [registry];
  const held = new Gauge<'reason'>({
    name: 'monitor_day_drops_held',
    help: 'UTC days of predictions that are older than retention and not dropped yet, by what still needs the oldest of them.',
    labelNames: ['reason'] as const,
    registers,
  });
  for (const reason of HOLDS) held.set({ reason: reason satisfies Hold }, 0);
  return {
    held,
    days: new Counter({
      name: 'monitor_day_drops_total',
      help: 'UTC days of predictions that retention dropped, one again for rows that came late.',
      registers,
    }),
    rows: new Counter({ name: 'monitor_dropped_rows_total', help: 'Predictions that retention dropped.', registers }),
  };
}
