import type { Healing } from '../../../bench/healing/heal.js';
import type { ExampleResult } from '../../../bench/healing/results.js';

const START = Date.UTC(2026, 2, 1);
const at = (seconds: number): Date => new Date(START + seconds * 1_000);

/** A loop that took so long and whose p99 was 10 ms but while training. */
export function loopOf(seconds: number, trainingP99Ms: number): Healing {
  const stretch = (p99Ms: number) => ({ requests: 1_000, p50Ms: 1, p99Ms, maxMs: 2 * p99Ms });
  return {
    timeline: {
      ...{ alert: at(0), received: at(0.5), taken: at(0.75), trainingBegan: at(2) },
      ...{ trainingEnded: at(seconds - 2), compared: at(seconds - 0.25), promoted: at(seconds) },
    },
    ...{ alertName: 'FeatureDrift', reason: 'better', candidateVersion: 2, waited: false },
    ...{ recentRows: 6_300, referenceRows: 15_800, heldOutRows: 2_700 },
    trials: { complete: 14, pruned: 6, seconds: 80 },
    served: at(seconds + 0.1),
    nice: [10],
    ...{ before: stretch(8), after: stretch(12), training: stretch(trainingP99Ms), whole: stretch(trainingP99Ms) },
    ...{ requests: 20_000, failed: 0 },
  };
}

/** What was measured of an example. */
export function resultOf(...loops: Healing[]): ExampleResult {
  const machine = { processor: 'a processor', cores: 2, loadAverage: '0.1 0.1 0.1' };
  return { measuredAt: '2026-03-01T10:00:00.000Z', commit: '0123456789', node: 'v22.0.0', ...machine, loops };
}
