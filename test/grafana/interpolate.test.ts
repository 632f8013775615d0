import { expect, test } from 'vitest';
import { interpolate, interpolatePromql, interpolateSql } from '../../grafana/preview/interpolate.js';
import type { View } from '../../grafana/preview/view.js';

const hour: View = {
  from: new Date('2026-01-15T12:00:00Z'),
  to: new Date('2026-01-15T13:00:00Z'),
  variables: new Map([
    ['model', ["o'hare.v1"]],
    ['version', ['1', '2']],
    ['none', []],
  ]),
};

test('variables are written as Grafana writes them: as a list in SQL, as a pattern in PromQL, as words in a title', () => {
  expect(interpolateSql(`= any (array[\${model:sqlstring}, \${version:sqlstring}]::text[])`, hour, 100)).toBe(
    "= any (array['o''hare.v1', '1','2']::text[])",
  );
  expect(interpolateSql(`array[\${none:sqlstring}]::text[]`, hour, 100)).toBe('array[]::text[]');
  expect(interpolatePromql('a{m=~"$model", v=~"$version"}', hour, 100).expr).toBe('a{m=~"o\'hare\\\\.v1", v=~"(1|2)"}');
  expect(interpolate(`Versions $version of \${model}`, hour, 'text')).toBe("Versions 1 + 2 of o'hare.v1");
});

test('what is no variable stays, and an unknown format is refused', () => {
  expect(interpolate(`\${__data.fields.model} $other`, hour, 'text')).toBe(`\${__data.fields.model} $other`);
  expect(() => interpolate(`\${model:csv}`, hour, 'text')).toThrow('interpolate knows no format "csv"');
});

test.each([
  // Prometheus is scraped every 15 s: no step is shorter, and a rate needs four scrapes.
  [1_600, 15, '60s'],
  [100, 30, '60s'],
  [10, 300, '315s'],
])('an hour on %i points has a step of %i s and rates over %s', (points, step, rateInterval) => {
  const sent = interpolatePromql('rate(a[$__rate_interval]) + increase(a[$__range]) + $__interval', hour, points);
  expect(sent).toEqual({ expr: `rate(a[${rateInterval}]) + increase(a[3600s]) + ${step}s`, step });
});

test('macros of the Postgres data source', () => {
  expect(interpolateSql('$__timeFilter(x) and y < $__timeTo()', hour, 100)).toBe(
    "x BETWEEN '2026-01-15T12:00:00.000Z' AND '2026-01-15T13:00:00.000Z' and y < '2026-01-15T13:00:00.000Z'",
  );
  expect(interpolateSql('select $__timeGroupAlias(x, $__interval)', hour, 100)).toBe(
    'select floor(extract(epoch from x)/30)*30 AS "time"',
  );
});
