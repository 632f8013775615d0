import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseCsv } from '../../../core/csv.js';
import { parseManifest } from '../../../core/manifest/parse.js';
import type { Problem } from '../../../core/problems.js';
import { resolveManifest } from '../../../core/project/resolve.js';

const reference = parseCsv('size,colour,ok,grade\n1,red,true,a\n2,blue,true,b\n3,blue,false,a\n', 'reference.csv');

function resolve(monitoring: object) {
  const text = stringify({
    name: 'watched',
    task: 'binary',
    target: 'grade',
    features: [
      { name: 'size', type: 'numeric' },
      { name: 'colour', type: 'categorical' },
      { name: 'ok', type: 'boolean' },
    ],
    monitoring,
  });
  const problems: Problem[] = [];
  const { manifest } = resolveManifest(parseManifest(text), undefined, reference, problems);
  return { ...manifest.monitoring, problems: problems.map((problem) => problem.message) };
}

test('an hour, with nothing else, is the default', () => {
  expect(resolve({})).toMatchObject({ window: { minutes: 60 }, problems: [] });
  expect(resolve({}).windows).toBeUndefined();
});

test('windows and segments are filled in', () => {
  const { window, windows, segments, problems } = resolve({
    window: { calendar: 'day' },
    windows: [
      { name: 'many', rows: 1_000 },
      { name: 'local', calendar: 'week', timeZone: 'Europe/Berlin' },
      { name: 'again', minutes: 60, compareWith: 'week-before', alerts: true },
    ],
    segments: [{ feature: 'colour' }, { feature: 'size', edges: [1.5, 2.5] }, { feature: 'ok' }],
  });
  expect(problems).toEqual([]);
  expect(window).toEqual({ calendar: 'day', timeZone: 'UTC' });
  expect(windows).toEqual([
    { name: 'many', rows: 1_000 },
    { name: 'local', calendar: 'week', timeZone: 'Europe/Berlin' },
    { name: 'again', minutes: 60, compareWith: 'week-before', timeZone: 'UTC', alerts: true },
  ]);
  expect(segments).toEqual([
    { feature: 'colour', values: ['blue', 'red'] },
    { feature: 'size', edges: [1.5, 2.5] },
    { feature: 'ok', values: ['false', 'true'] },
  ]);
});

test.each([
  [{ window: { rows: 100, minutes: 5 } }, 'write exactly one of rows, minutes and calendar'],
  [{ window: { minutes: 5, timeZone: 'UTC' } }, 'timeZone goes with calendar or compareWith; remove it'],
  [{ window: { calendar: 'day', timeZone: 'Berlin' } }, '"Berlin" is no time zone; write a name such as Europe/Berlin'],
  [{ windows: [{ name: 'default', rows: 100 }] }, 'the name "default" is taken; write another'],
  [
    { windows: [{ name: 'odd', minutes: 7, compareWith: 'day-before' }] },
    'compareWith needs minutes that divide a day, or calendar: day',
  ],
  [{ segments: [{ feature: 'shape' }] }, 'there is no feature "shape"'],
  [{ segments: [{ feature: 'size' }] }, '"size" is numeric: give edges, not values'],
  [{ segments: [{ feature: 'size', edges: [2, 1] }] }, 'edges must ascend'],
  [{ segments: [{ feature: 'colour', values: ['green'] }] }, '"green" is not a category of "colour"'],
])('%j is refused with what to write', (monitoring, message) => {
  expect(resolve(monitoring).problems.join('; ')).toContain(message);
});
