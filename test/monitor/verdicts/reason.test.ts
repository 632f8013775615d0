import { expect, test } from 'vitest';
import type { Method } from '../../../core/manifest/methods.js';
import { judge, type PastVerdict } from '../../../monitor/verdicts/judge.js';
import { reasonOf } from '../../../monitor/verdicts/reason.js';
import { testManifest } from '../fixture.js';

const LEVEL = 0.001;
const monitoring = { ...testManifest('told').monitoring, clearRatio: 0.8 };

/** The end of the reason of a subject in drift whose one effect is 0.09 of 0.1, in a window that chance does not explain. */
function confirmationOf(
  method: Method,
  past: PastVerdict[],
  bands: { psiNullBand?: number; ks?: number } = {},
): string {
  const effect = { method, value: 0.09, threshold: 0.1 };
  const judgement = judge([{ pValue: LEVEL / 10, effects: [effect] }], LEVEL, monitoring, past);
  expect(judgement).toMatchObject({ verdict: 'drift', exceeded: false });
  const reason = reasonOf({
    subject: 'size',
    rows: 500,
    referenceRows: 4_000,
    psi: 0.09,
    psiNullBand: bands.psiNullBand ?? 0.049,
    ksStatistic: bands.ks === undefined ? null : 0.09,
    ksCriticalValue: bands.ks ?? null,
    statistics: [{ ...effect, pValue: LEVEL / 10, exceeded: false }],
    judgement,
    monitoring,
    settings: { ...monitoring, methods: ['psi', 'ks', method] },
    level: LEVEL,
  });
  expect(reason).toMatch(/^size: PSI 0\.0900, below 0\.1 but above /);
  return reason.split('; ').at(-1)!;
}

const held: PastVerdict[] = [
  { exceeded: false, verdict: 'drift' },
  { exceeded: false, verdict: 'drift' },
];

test('a drift that no window of the last ones sets any more is told by what keeps it', () => {
  expect(confirmationOf('psi', held)).toBe('the drift holds: PSI 0.0900 is still above 0.08, where it clears');
  expect(confirmationOf('ks', held, { ks: 0.07 })).toBe(
    'the drift holds: KS 0.0900 is still above 0.08, where it clears',
  );
});

test('where the null band is wider than the part of the threshold, it says where the drift clears', () => {
  expect(confirmationOf('psi', held, { psiNullBand: 0.0853 })).toBe(
    'the drift holds: PSI 0.0900 is still above 0.0853, where it clears',
  );
});

test('an effect whose null band is not at hand is held by its test too', () => {
  expect(confirmationOf('missing', held)).toBe(
    'the drift holds: change of the share that is missing 0.0900 is still above 0.08 and what chance gives, where it clears',
  );
});

test('windows that confirm a drift are its reason before what would keep it', () => {
  const exceeded: PastVerdict = { exceeded: true, verdict: 'drift' };
  expect(confirmationOf('psi', [exceeded, exceeded])).toBe(
    'not in this window, but exceeded in 2 of the last 3 windows',
  );
});
