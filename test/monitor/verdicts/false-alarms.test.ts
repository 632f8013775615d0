import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { foldRows } from '../../../monitor/summarise/fold.js';
import { decideWindow } from '../../../monitor/verdicts/decide-window.js';
import { drawRows, testManifest, testProfile } from '../fixture.js';

const SEEDS = 50;
const WINDOWS_PER_REFERENCE = 20;

/** Share of windows without drift in which any subject passes its null band, with no effect size asked for. */
function alarmRate(rows: number): number {
  const manifest = testManifest('calm');
  const monitoring = { ...manifest.monitoring, psiThreshold: 1e-9, ksThreshold: 1e-9 };
  let alarms = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const profile = testProfile(manifest, 1_000 + seed);
    const random = createRandom(seed * 7 + rows);
    for (let i = 0; i < WINDOWS_PER_REFERENCE; i++) {
      const live = drawRows(random, rows).map((row) => ({
        bucketStart: 0,
        numeric: `${row.alcohol},${row.sugar}`,
        categorical: [row.colour],
        label: row.score >= 0.5 ? 'yes' : 'no',
        scores: [1 - row.score, row.score],
        value: null,
      }));
      const counts = foldRows(manifest, profile, live);
      const window = { start: 0, end: 60, rows };
      const decision = decideWindow({ profile, monitoring, window, counts, past: new Map() });
      if (decision.subjects.some((subject) => subject.exceeded)) alarms++;
    }
  }
  return alarms / (SEEDS * WINDOWS_PER_REFERENCE);
}

// alpha 0.01 and three binomial standard deviations of 1,000 windows: 0.01 + 3 * sqrt(0.01 * 0.99 / 1000).
test.each([200, 1_000])(
  'a model alarms in no more than alpha of its windows of %d rows, over all its tests',
  (rows) => {
    const rate = alarmRate(rows);
    expect(rate).toBeLessThanOrEqual(0.0194);
    // A rate of 0 would mean that the band is far too wide.
    expect(rate).toBeGreaterThan(0);
  },
);
