import { Counter, type Registry } from 'prom-client';

/** Counts accepted outcomes: first ones, repeats that change nothing, and corrections. */
export type CountOutcomes = (counts: { accepted: number; unchanged: number; revised: number }) => void;

/** Creates the counter of outcomes at zero. */
export function createOutcomeMetrics(registry: Registry): CountOutcomes {
  const counter = new Counter({
    name: 'outcomes_total',
    help: 'Outcomes taken in, by what they were: accepted (the first), unchanged (a repeat), revised (a correction).',
    labelNames: ['result'],
    registers: [registry],
  });
  const accepted = counter.labels('accepted');
  const unchanged = counter.labels('unchanged');
  const revised = counter.labels('revised');
  for (const child of [accepted, unchanged, revised]) child.inc(0);
  return (counts) => {
    accepted.inc(counts.accepted);
    unchanged.inc(counts.unchanged);
    revised.inc(counts.revised);
  };
}
