import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { quantileEdges } from '../../../core/reference/edges.js';
import { binOf } from '../../../core/reference/profile.js';
import { createBinFinder } from '../../../monitor/summarise/bin-finder.js';

const { normal, next, integer } = createRandom(6);
const draw = (value: () => number): number[] => quantileEdges(Float64Array.from({ length: 3_000 }, value)).edges;

test.each<[string, number[]]>([
  ['none', []],
  ['one', [5]],
  ['two next to each other', [1, 1 + Number.EPSILON]],
  ['normal', draw(normal)],
  ['log-normal', draw(() => Math.exp(3 * normal()))],
  ['counts', draw(() => integer(12))],
  ['mostly zero', draw(() => (next() < 0.8 ? 0 : normal()))],
  ['tiny', draw(() => 1e-310 * next())],
  ['one far out', [...draw(next), 1e300]],
  ['beyond a double', [-1.7e308, -1, 0, 1, 1.7e308]],
])('bins of edges that are %s are those of a search through all of them', (_, edges) => {
  const findBin = createBinFinder(edges);
  const values = [
    ...edges.flatMap((edge) => [edge, edge * (1 + Number.EPSILON), edge * (1 - Number.EPSILON), edge + 1e-320]),
    ...Array.from({ length: 2_000 }, () => normal() * (edges.at(-1) ?? 1)),
    ...[0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MAX_VALUE, -Number.MAX_VALUE],
  ];
  expect(values.map(findBin)).toEqual(values.map((value) => binOf(edges, value)));
});
