import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** How a run of the monitor ended; `skipped` is one that was due while the one before was still under way. */
export const RUN_OUTCOMES = ['success', 'failure', 'skipped'] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

/** Metrics of the monitor as a job. */
export interface RunMetrics {
  runs: Counter<'outcome'>;
  lastSuccess: Gauge;
  period: Gauge;
  duration: Histogram;
  rowsSummarised: Counter;
  lateRows: Counter;
  outcomesCounted: Counter;
  lockedModels: Counter;
  alertDeliveries: Counter<'outcome'>;
}

/** Creates them in `registry`, label sets at zero. Last success and period are absent until there is one. */
export function createRunMetrics(registry: Registry): RunMetrics {
  const registers = [registry];
  const runs = new Counter({
    name: 'monitor_runs_total',
    help: 'Runs of the monitor by outcome; skipped: due while the one before was under way.',
    labelNames: ['outcome'] as const,
    registers,
  });
  const alertDeliveries = new Counter({
    name: 'monitor_alert_deliveries_total',
    help: 'Alert notifications that the monitor posted itself, by outcome; a failed one is tried again by the next run.',
    labelNames: ['outcome'] as const,
    registers,
  });
  for (const outcome of RUN_OUTCOMES) runs.inc({ outcome }, 0);
  for (const outcome of ['delivered', 'failed']) alertDeliveries.inc({ outcome }, 0);
  return {
    runs,
    alertDeliveries,
    lastSuccess: createAbsentGauge(registry, {
      name: 'monitor_last_success_timestamp_seconds',
      help: 'When the last run ended in which no model failed.',
    }),
    period: createAbsentGauge(registry, {
      name: 'monitor_period_seconds',
      help: 'Longest time between two runs that the schedule asks for.',
    }),
    duration: new Histogram({
      name: 'monitor_run_duration_seconds',
      help: 'Time a run of the monitor took.',
      // A run takes some ten milliseconds; at a minute it fills the default period.
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
    rowsSummarised: new Counter({
      name: 'monitor_rows_summarised_total',
      help: 'Live prediction rows folded into summaries by this monitor.',
      registers,
    }),
    lateRows: new Counter({
      name: 'monitor_late_rows_total',
      help: 'Summarised rows that came after the window of their event time was decided.',
      registers,
    }),
    outcomesCounted: new Counter({
      name: 'monitor_outcomes_counted_total',
      help: 'Predictions whose outcome, or its correction, this monitor counted into their performance.',
      registers,
    }),
    lockedModels: new Counter({
      name: 'monitor_locked_models_total',
      help: 'Models left to another monitor that was working on them.',
      registers,
    }),
  };
}

/** prom-client starts a gauge without labels at 0, which would read as "last success in 1970": take the value away. */
function createAbsentGauge(registry: Registry, options: { name: string; help: string }): Gauge {
  const gauge = new Gauge({ ...options, registers: [registry] });
  gauge.remove();
  return gauge;
}
