import { Gauge, type Registry } from 'prom-client';
import { createTalliedCounter, createTalliedHistogram, type Tally } from './tally.js';

/** How a prediction request to a model ended. */
export const OUTCOMES = [
  'ok',
  'invalid',
  'overloaded',
  'deadline_exceeded',
  'client_gone',
  'inference_failed',
  'capture_failed',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Metrics of one model version, their labels bound. */
export interface VersionMetrics {
  run(seconds: number, rows: number): void;
  ended(outcome: Outcome): void;
  /** Takes the version's series out of the registry: it has left. */
  remove(): void;
}

// One run of 1 to 256 rows: tens of microseconds for a small forest, tens of milliseconds for a large one.
const RUN_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];
const labelNames = ['model_name', 'model_version'];

/** Creates the metrics of inference; gives those of a version, pre-created at zero. */
export function createInferenceMetrics(registry: Registry): (name: string, version: number) => VersionMetrics {
  const registers = [registry];
  const seconds = createTalliedHistogram({
    name: 'inference_duration_seconds',
    help: 'Length of one run of the model, which answers the requests that waited together.',
    labelNames,
    buckets: RUN_SECONDS,
    registers,
  });
  const requests = createTalliedCounter({
    name: 'inference_requests_total',
    help: 'Prediction requests that reached a model, by how they ended.',
    labelNames: [...labelNames, 'outcome'],
    registers,
  });
  const rows = createTalliedCounter({
    name: 'inference_rows_total',
    help: 'Rows the model answered.',
    labelNames,
    registers,
  });
  const info = new Gauge({
    name: 'model_info',
    help: '1 for each model version that is loaded and answers.',
    labelNames,
    aggregator: 'max',
    registers,
  });
  // A version that comes back while its last request of before is under way is loaded twice for a moment.
  const loaded = new Map<string, number>();
  return (name, version) => {
    const labels = [name, String(version)] as const;
    const bySeconds = seconds.bind(...labels);
    const byRows = rows.bind(...labels);
    const byOutcome = Object.fromEntries(OUTCOMES.map((o) => [o, requests.bind(...labels, o)])) as {
      [o in Outcome]: Tally;
    };
    info.labels(...labels).set(1);
    const key = labels.join(' ');
    loaded.set(key, (loaded.get(key) ?? 0) + 1);
    return {
      run: (length, count) => {
        bySeconds(length);
        byRows(count);
      },
      ended: (outcome) => byOutcome[outcome](1),
      remove: () => {
        const others = loaded.get(key)! - 1;
        loaded.set(key, others);
        if (others > 0) return;
        loaded.delete(key);
        for (const metric of [seconds, rows, info]) metric.remove(...labels);
        for (const outcome of OUTCOMES) requests.remove(...labels, outcome);
      },
    };
  };
}
