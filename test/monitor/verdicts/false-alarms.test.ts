import { expect, test } from 'vitest';
import { createRandom, type Random } from '../../../core/random.js';
import { decideWindow } from '../../../monitor/verdicts/decide-window.js';
import { drawRows, foldRows, testManifest, testProfile } from '../fixture.js';
import { decideNumbers, numericSubject } from './numeric-window.js';

const SEEDS = 50;
const WINDOWS_PER_REFERENCE = 20;

/** No effect size asked for: chance alone decides. */
const ANY_EFFECT = {
  psiThreshold: 1e-9,
  ksThreshold: 1e-9,
  shareThreshold: 1e-9,
  missingThreshold: 1e-9,
  unseenThreshold: 1e-9,
  outOfRangeThreshold: 1e-9,
};

/** Share of windows without drift in which any subject passes its null band, with no effect size asked for. */
function alarmRate(rows: number): number {
  const manifest = testManifest('calm');
  const monitoring = { ...manifest.monitoring, ...ANY_EFFECT };
  let alarms = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const profile = testProfile(manifest, 1_000 + seed);
    const random = createRandom(seed * 7 + rows);
    for (let i = 0; i < WINDOWS_PER_REFERENCE; i++) {
      const counts = foldRows(manifest, profile, drawRows(random, rows));
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

/** Numeric features by how their values repeat. */
const SHAPES: Record<string, (random: Random) => number> = {
  continuous: (random) => random.normal(),
  'continuous with 30 % missing': (random) => (random.next() < 0.3 ? Number.NaN : random.normal()),
  'rounded to tenths': (random) => Math.round(random.normal() * 10) / 10,
  'integers of 40': (random) => random.integer(40),
  'integers of 15': (random) => random.integer(15),
  'counts with a thin tail': (random) => Math.floor(-2 * Math.log(1 - random.next())),
  'zero in 70 %': (random) => (random.next() < 0.7 ? 0 : Math.exp(random.normal())),
  'zero in 99 %': (random) => (random.next() < 0.99 ? 0 : Math.exp(random.normal())),
  'capped in 16 %': (random) => Math.min(1, random.normal()),
  'flag of 50 %': (random) => random.integer(2),
  'flag of 1 %': (random) => (random.next() < 0.01 ? 1 : 0),
  constant: () => 5,
};

/** Alarms by feature, and of any, per window without drift. Null bands only: no effect size is asked for. */
function alarmRates(rows: number, referenceRows: number, alpha: number): Record<string, number> {
  const alarms: Record<string, number> = { any: 0 };
  const windows = SEEDS * WINDOWS_PER_REFERENCE;
  for (let seed = 0; seed < SEEDS; seed++) {
    const random = createRandom(seed * 13 + rows);
    const sample = (count: number) =>
      Object.values(SHAPES).map((value) => Array.from({ length: count }, () => value(random)));
    const subjects = sample(referenceRows).map((values, i) => numericSubject(Object.keys(SHAPES)[i]!, values));
    for (let i = 0; i < WINDOWS_PER_REFERENCE; i++) {
      const decision = decideNumbers(subjects, sample(rows), { ...ANY_EFFECT, alpha });
      for (const { subject, exceeded } of decision.subjects) alarms[subject] = (alarms[subject] ?? 0) + +exceeded;
      alarms.any! += +decision.subjects.some((subject) => subject.exceeded);
    }
  }
  return Object.fromEntries(Object.entries(alarms).map(([name, count]) => [name, count / windows]));
}

test.each([
  [200, 4_000],
  [1_000, 4_000],
  [300, 500],
])(
  'features that are continuous, tied, discrete and constant alarm no more either, %d against %d rows',
  (rows, referenceRows) => {
    const rates = alarmRates(rows, referenceRows, 0.01);
    expect(rates.any).toBeLessThanOrEqual(0.0194);
    expect(rates.constant).toBe(0);
  },
);

// Exact tests of whole counts and binned distances reject less often than their level.
test('they are not asleep either: at a rate of 0.2 some do alarm', () => {
  expect(alarmRates(300, 500, 0.2).any).toBeGreaterThan(0.02);
});
