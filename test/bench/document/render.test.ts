import { expect, test } from 'vitest';
import { renderBenchmarks } from '../../../bench/document/render.js';
import { oneLine, shown, table } from '../../../bench/document/table.js';
import { QUICK } from '../../../bench/plan.js';
import { latencyOf, measuredOf, resultOf, resultsOf, serversOf, stamp } from '../fixture.js';

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
  const text = renderBenchmarks(resultsOf(ours, resultOf('node-http', 50_000), resultOf('fastapi-insert', 2_000)));
  expect(text).toMatch(/server fastapi-insert \| ≥ 9 × \| 8 × \| 8 × \| 10 × \| \*\*not met\*\*/);
  expect(text).toMatch(/composed floor \| ≥ 80 % \| 80 % \| 80 % \| {2}\| met/);
  expect(text).toContain('= **20,000 requests/s**');
  expect(text).toContain('| server fastapi-insert | 2,000 | 2 | 5 | 500 | 0 | 0 | 80 | 120 | 8 | 8 |');
  expect(text).toContain('| server plumbline | 1 | 200,000 | 200,010 | 65 | 0 |');
  expect(text).toContain('| 0.10 0.20 0.30; 2.00 1.00 0.50 |');
  expect(text).toContain('- python: fastapi==1.0\n');
});

test('each section says when and how it was measured, or that it was not', () => {
  const quick = {
    ...measuredOf(latencyOf(0.18, 0.1)),
    stamp: { ...stamp, plan: QUICK, startedAt: '2026-02-03T04:05:06Z' },
  };
  const text = renderBenchmarks({ ...resultsOf(resultOf('plumbline', 16_000)), latency: quick });
  expect(text).toContain(
    '## Latency\n\n_Measured from 2026-02-03 04:05 UTC to 2026-01-01 00:12 UTC, commit abc._ **With `--quick`',
  );
  expect(text).toContain('at full load\n\n_Measured from 2026-01-01 00:00 UTC to 2026-01-01 00:12 UTC, commit abc._\n');
  expect(text).toContain('## Memory\n\nNot measured.');
});

test('a section that failed stands with its reason, and has no figures', () => {
  const text = renderBenchmarks({ shipping: { stamp, disturbances: [], failure: '2 rows\nare missing' } });
  expect(text).toContain('**FAILED:** 2 rows are missing');
  expect(text).not.toContain('rows/s |');
});

test('says whether the service was traced', () => {
  const ours = resultOf('plumbline', 16_000);
  expect(renderBenchmarks(resultsOf(ours))).toContain('it ran without tracing');
  ours.rounds[0]!.exports = 3;
  expect(renderBenchmarks(resultsOf(ours))).toContain('sent 3 exports');
});

test('a server that could not be measured stands in the table with its reason', () => {
  const failed = { name: 'bentoml', title: 'BentoML', rounds: [], failure: 'not installed:\n no such package' };
  const text = renderBenchmarks(resultsOf(resultOf('plumbline', 16_000), failed));
  expect(text).toContain('| BentoML: FAILED: not installed: no such package |');
  expect(text).toMatch(/BentoML \| ≥ 25 × \| not measured \| {2}\| {2}\| {2}\|/);
});

test('a run that shared a core with other work says so', () => {
  const servers = serversOf([resultOf('flask', 600, 500)]);
  const busy = { what: 'flask', serverCorePercent: 0, loadCorePercent: 40 };
  const text = renderBenchmarks({ servers: measuredOf(servers, [busy, { ...busy, loadCorePercent: 4 }]) });
  expect(text).toMatch(/disturbed\.\*\* In 1 of 2 measurements \(servers\) .* in the worst 40 %/);
  expect(renderBenchmarks({ servers: measuredOf(servers) })).not.toContain('disturbed');
});

test('a round that failed is told beside the others', () => {
  const text = renderBenchmarks(resultsOf({ ...resultOf('flask', 600), failure: '3 answers had an error status' }));
  expect(text).toContain('| server flask (a round failed: 3 answers had an error status) | 600 |');
});

test('says where the figures of other commands stand, and which were not measured', () => {
  const text = renderBenchmarks(resultsOf(resultOf('plumbline', 16_000)), ['benchmarks-loop.md', 'console.md']);
  const lines = text.split('## Figures of other commands\n\n')[1]!.split('\n\n')[0]!.split('\n');
  expect(lines.map((line) => /`npm run (bench:\w+)`$/.exec(line)?.[1])).toEqual([
    ...['bench:decisions', 'bench:monitor', 'bench:training', 'bench:loop', 'bench:healing'],
  ]);
  expect(lines[0]).toContain(': not measured yet, by');
  expect(lines[3]).toContain(': [benchmarks-loop.md](benchmarks-loop.md), by');
});
