import { type Snapshot, type SnapshotMetric, sumSnapshots } from './sum-snapshots.js';

/** What workers that have ended had counted: without it, sums over workers would go back, and rates jump. */
export interface EndedWorkers {
  /** Takes in the last that is known of a worker. */
  add(last: Snapshot): void;
  /** The sums, without model versions that no process of `live` has any more. */
  sums(live: readonly Snapshot[]): Snapshot;
}

const ROWS = 'capture_rows_total';

/** Creates an empty account. */
export function createEndedWorkers(): EndedWorkers {
  let ended: Snapshot = [];
  return {
    add: (last) => {
      const counted = last.filter(({ type }) => type === 'counter' || type === 'histogram').map(withLeftRows);
      ended = sumSnapshots([ended, counted]);
    },
    sums: (live) => {
      const loaded = new Set(
        live
          .flat()
          .filter(({ name }) => name === 'model_info')
          .flatMap(versions),
      );
      ended = ended.map((metric) => ({
        ...metric,
        values: metric.values.filter(({ labels }) => !('model_version' in labels) || loaded.has(versionOf(labels))),
      }));
      return ended;
    },
  };
}

function versions(metric: SnapshotMetric): string[] {
  return metric.values.map(({ labels }) => versionOf(labels));
}

function versionOf(labels: Record<string, string | number>): string {
  return `${labels.model_name} ${labels.model_version}`;
}

/**
 * Rows that were in the spool of the ended worker are adopted by another, and counted there: here they have left, so
 * that the balance holds over all workers.
 */
function withLeftRows(metric: SnapshotMetric): SnapshotMetric {
  if (metric.name !== ROWS) return metric;
  const count = (result: string): number => metric.values.find(({ labels }) => labels.result === result)?.value ?? 0;
  const out = count('stored') + count('duplicate') + count('rejected') + count('damaged') + count('left');
  const left = count('accepted') + count('adopted') - out;
  return { ...metric, values: [...metric.values, { labels: { result: 'left' }, value: left }] };
}
