import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { collectProcessMetrics } from '../core/telemetry/process-metrics.js';
import { OPEN_STATES, RUN_STATES } from './jobs/runs.js';
import { GUARDS } from './stopped.js';

/** What became of a webhook request. */
export const WEBHOOK_OUTCOMES = ['accepted', 'unauthorized', 'invalid', 'failed'] as const;

/** The trainer's own metrics, each defined here once. */
export type TrainerMetrics = ReturnType<typeof createMetrics>;

/** Creates the metrics in a registry of their own; every label value stands at 0 from the start. */
export function createMetrics(registry = new Registry()) {
  collectProcessMetrics(registry);
  const registers = [registry];
  const runs = new Counter({
    name: 'training_runs_total',
    help: 'Training runs that entered a state.',
    labelNames: ['state'],
    registers,
  });
  for (const state of RUN_STATES) runs.inc({ state }, 0);
  const refusals = new Counter({
    name: 'training_refusals_total',
    help: 'Times that a guard kept a training run from beginning, or ended it before it trained; one that waits counts once a guard.',
    labelNames: ['guard'],
    registers,
  });
  for (const guard of GUARDS) refusals.inc({ guard }, 0);
  const rolloutActs = new Counter({
    name: 'rollout_acts_total',
    help: 'What the trainer did by itself to a challenger in a rollout, and to a new champion that broke its bounds.',
    labelNames: ['act'],
    registers,
  });
  for (const act of ['advance', 'promote', 'withdraw', 'rollback']) rolloutActs.inc({ act }, 0);
  const alerts = new Counter({
    name: 'alerts_received_total',
    help: 'Alerts received by the webhook, repetitions included.',
    labelNames: ['status'],
    registers,
  });
  for (const status of ['firing', 'resolved']) alerts.inc({ status }, 0);
  const webhookRequests = new Counter({
    name: 'webhook_requests_total',
    help: 'Requests to the webhook by what became of them.',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of WEBHOOK_OUTCOMES) webhookRequests.inc({ outcome }, 0);
  const openRuns = new Gauge({
    name: 'training_open_runs',
    help: 'Training runs that have not ended, by state, and those whose promotion waits for a person (awaiting-approval).',
    labelNames: ['state'],
    registers,
  });
  for (const state of [...OPEN_STATES, 'awaiting-approval']) openRuns.set({ state }, 0);
  return {
    registry,
    runs,
    openRuns,
    awaitingApprovalSince: new Gauge({
      name: 'training_awaiting_approval_since_timestamp_seconds',
      help: 'Since when the promotion of this version of a model, the newest that does, waits for a person.',
      labelNames: ['model_name', 'model_version'],
      registers,
    }),
    heldSince: new Gauge({
      name: 'training_held_since_timestamp_seconds',
      help: 'When the newest retraining of a model was asked for, while a guard has refused it or keeps it waiting.',
      labelNames: ['model_name', 'guard'],
      registers,
    }),
    refusals,
    rolloutStageBegan: new Gauge({
      name: 'rollout_stage_began_timestamp_seconds',
      help: 'Since when a challenger of a model is in its stage (shadow or canary).',
      labelNames: ['model_name', 'stage'],
      registers,
    }),
    rolloutRows: new Gauge({
      name: 'rollout_rows',
      help: 'Rows that a challenger has answered in its stage, as of the last look at it.',
      labelNames: ['model_name', 'stage'],
      registers,
    }),
    rolloutWantedRows: new Gauge({
      name: 'rollout_wanted_rows',
      help: 'Rows that a challenger has to answer in its stage before it goes on.',
      labelNames: ['model_name', 'stage'],
      registers,
    }),
    rolloutActs,
    alerts,
    webhookRequests,
    activeRuns: new Gauge({
      name: 'training_active_runs',
      help: 'Training runs that this process works on now.',
      registers,
    }),
    runDuration: new Histogram({
      name: 'training_run_duration_seconds',
      help: 'Time from taking a run up to its end, for runs that trained a challenger.',
      // From a few hundred rows (seconds) to the default limit of retraining.timeoutMinutes (30 minutes).
      buckets: [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600],
      registers,
    }),
  };
}
