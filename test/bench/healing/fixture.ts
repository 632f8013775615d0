import type { Healing } from '../../../bench/healing/heal.js';
import type { ExampleResult } from '../../../bench/healing/results.js';
import { stretchOf } from '../../../bench/load/timed.js';

const START = Date.UTC(2026, 2, 1);
const at = (seconds: number): Date => new Date(START + seconds * 1_000);

/** A loop that took so long, with 500 requests while training, and so many apart from it; 2 in 100 of them had these latencies, the others 1 ms. */
export function loopOf(seconds: number, trainingMs: number, apartMs = 10): Healing {
  const stretch = (slowMs: number) =>
    stretchOf(Array.from({ length: 500 }, (_, i) => ({ latencyMs: i % 50 === 0 ? slowMs : 1 })));
  return {
    timeline: {
      ...{ alert: at(0), received: at(0.5), taken: at(0.75), trainingBegan: at(2) },
      ...{ trainingEnded: at(seconds - 2), compared: at(seconds - 0.25), promoted: at(seconds) },
    },
    ...{ alertName: 'FeatureDrift', reason: 'better', candidateVersion: 2, waited: false },
    ...{ recentRows: 6_300, referenceRows: 15_800, heldOutRows: 2_700 },
    trials: { complete: 14, pruned: 6, seconds: 80 },
    served: at(seconds + 0.1),
    priorities: ['10 in a session of 10'],
    ...{ alone: stretch(8), apart: stretch(apartMs), training: stretch(trainingMs), whole: stretch(trainingMs) },
    ...{ requests: 20_000, failed: 0 },
  };
}

/** What was measured of an example. */
export function resultOf(...loops: Healing[]): ExampleResult {
  const machine = { processor: 'a processor', cores: 2, loadAverage: '0.1 0.1 0.1' };
  return { measuredAt: '2026-03-01T10:00:00.000Z', commit: '0123456789', node: 'v22.0.0', ...machine, loops };
}
