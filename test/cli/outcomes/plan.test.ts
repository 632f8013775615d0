import { expect, test } from 'vitest';
import { planOutcomes } from '../../../cli/outcomes/plan.js';
import { parseCsv } from '../../../core/csv.js';

const plan = (lines: string[]) => {
  const rounds = planOutcomes(
    parseCsv(['prediction_id,actual,observed_at', ...lines].join('\n'), 'truth.csv'),
    'truth.csv',
  );
  return rounds.map((round) => round.map(({ line, prediction_id, actual }) => `${line} ${prediction_id} ${actual}`));
};

test('one round where each prediction stands once', () => {
  expect(plan(['a,low,2026-01-01T00:00:00Z', 'b,high,2026-01-01T00:00:00Z'])).toEqual([['2 a low', '3 b high']]);
});

test('corrections come in later rounds, by the time they were seen and not by their place in the file', () => {
  expect(
    plan([
      'a,high,2026-01-03T00:00:00Z',
      'a,low,2026-01-01T00:00:00Z',
      'b,mid,2026-01-01T00:00:00Z',
      'A,mid,2026-01-02T00:00:00Z',
    ]),
  ).toEqual([['3 a low', '4 b mid'], ['5 A mid'], ['2 a high']]);
});

test('a row that says the same again at the same time is left out', () => {
  expect(plan(['a,low,2026-01-01T00:00:00Z', 'a,low,2026-01-01T01:00:00+01:00'])).toEqual([['2 a low']]);
});

test('two truths of one prediction at one time are a conflict, named with both lines', () => {
  expect(() => plan(['a,low,2026-01-01T00:00:00Z', 'a,high,2026-01-01T00:00:00Z'])).toThrow(
    'truth.csv:3  says "high" of prediction a, line 2 says "low" at the same time; remove one',
  );
});

test('names each missing column and each time that is none', () => {
  expect(() => planOutcomes(parseCsv('prediction_id,actual\na,low', 'f.csv'), 'f.csv')).toThrow(
    'f.csv:1  has no column "observed_at"',
  );
  expect(() => plan(['a,low,yesterday'])).toThrow('truth.csv:2  observed_at is "yesterday"');
});
