import { expect, test } from 'vitest';
import { renderBenchmarks } from '../../../bench/document/render.js';
import { oneLine, shown, table } from '../../../bench/document/table.js';
import { resultOf, resultsOf } from '../fixture.js';

test('numbers are rounded to what they mean', () => {
  expect([0.04567, 3.1372, 99.96, 123.4, 54_321.9].map(shown)).toEqual(['0.0457', '3.14', '100', '123', '54,322']);
});

test('a table sets numbers to the right and keeps a bar inside a cell', () => {
  expect(table(['server', 'rate'], [['a|b', '1']])).toBe('| server | rate |\n|---|--:|\n| a\\|b | 1 |');
});

test('a long reason becomes one short line', () => {
  expect(oneLine('no\n  module', 100)).toBe('no module');
  expect(oneLine('x'.repeat(300), 10)).toBe(`${'x'.repeat(10)}…`);
});

test('tells figures, ratios, rows stored, load and versions', () => {
  const ours = resultOf('plumbline', 16_000);
  ours.rounds[0]!.stored = { answered: 200_000, stored: 200_010, cutOff: 65 };
  const text = renderBenchmarks(resultsOf([ours, resultOf('node-http', 50_000), resultOf('fastapi-insert', 2_000)]));
  expect(text).toMatch(/server fastapi-insert \| ≥ 9 × \| 8 × \| 8 × \| 10 × \| \*\*not met\*\*/);
  expect(text).toMatch(/composed floor \| ≥ 80 % \| 80 % \| 80 % \| {2}\| met/);
  expect(text).toContain('= **20,000 requests/s**');
  expect(text).toContain('| server fastapi-insert | 2,000 | 2 | 5 | 500 | 0 | 80 | 120 | 8 | 8 |');
  expect(text).toContain('| server plumbline | 1 | 200,000 | 200,010 | 65 |');
  expect(text).toContain('load average at start 0.10 0.20 0.30, at end 2.00 1.00 0.50');
  expect(text).toContain('Python environment python: fastapi==1.0\n');
});

test('a server that could not be measured stands in the table with its reason', () => {
  const failed = { name: 'bentoml', title: 'BentoML', rounds: [], failure: 'not installed:\n no such package' };
  const text = renderBenchmarks(resultsOf([resultOf('plumbline', 16_000), failed]));
  expect(text).toContain('| BentoML: FAILED: not installed: no such package |');
  expect(text).toMatch(/BentoML \| ≥ 25 × \| not measured \| {2}\| {2}\| {2}\|/);
});

test('a run that shared the core of the server with other work says so', () => {
  const busy = resultOf('flask', 600, 500);
  busy.rounds[0]!.othersPercent = 40;
  expect(renderBenchmarks(resultsOf([busy]))).toMatch(/disturbed\.\*\* In 1 of 2 measurements .* in the worst 40 %/);
  expect(renderBenchmarks(resultsOf([resultOf('flask', 600)]))).not.toContain('disturbed');
});

test('a round that failed is told beside the others', () => {
  const text = renderBenchmarks(resultsOf([{ ...resultOf('flask', 600), failure: '3 answers had an error status' }]));
  expect(text).toContain('| server flask (a round failed: 3 answers had an error status) | 600 |');
});
