import { expect, test } from 'vitest';
import { countCells, type SubjectProfile } from '../../../core/reference/profile.js';
import { ksExactPValue } from '../../../monitor/statistics/ks-exact-p-value.js';
import { ksStatistic } from '../../../monitor/statistics/ks-statistic.js';
import { psi } from '../../../monitor/statistics/psi.js';
import { wassersteinDistance } from '../../../monitor/statistics/wasserstein-distance.js';
import fixture from '../../fixtures/statistics/missing-values.json' with { type: 'json' };
import { expectNear } from './near.js';

const numbers = (values: (number | null)[]): Float64Array => Float64Array.from(values, (v) => v ?? Number.NaN);

test(`equal numpy and scipy on ${fixture.cases.length} tied samples with missing values, counted into frozen cells`, () => {
  for (const { reference, current, edges, cells, ...expected } of fixture.cases) {
    const subject: SubjectProfile = { kind: 'feature', name: 'x', edges, counts: [] };
    const counts = [reference, current].map((values) =>
      Array.from(countCells(subject, { kind: 'feature', name: 'x', numbers: numbers(values) })),
    );
    expect(counts).toEqual(cells);
    expectNear(psi(counts[0]!, counts[1]!), expected.psi);
    const [x, y] = [reference, current].map((values) => numbers(values).filter((v) => !Number.isNaN(v)));
    const statistic = ksStatistic(x!, y!);
    expectNear(statistic, expected.ks, 1e-12);
    expectNear(ksExactPValue({ statistic, referenceRows: x!.length, currentRows: y!.length }), expected.ksExact);
    expectNear(wassersteinDistance({ values: x! }, { values: y! }), expected.wasserstein);
  }
});
