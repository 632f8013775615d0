import { describe, expect, test } from 'vitest';
import { createRandom, type Random } from '../../../core/random.js';
import { countCells, type SubjectProfile } from '../../../core/reference/profile.js';
import { causeOf } from '../../../monitor/verdicts/cause/cause.js';
import { decideNumbers, numericSubject } from './numeric-window.js';

const random = createRandom(71);
type Draw = (random: Random) => number;
const draw = (rows: number, value: Draw): number[] => Array.from({ length: rows }, () => value(random));

/** The cause of a window of one feature, or of several by name; with `gone`, of one whose rows are not stored any more. */
function explain(
  features: Record<string, { reference: Draw; current: Draw; importance?: number }>,
  { rows = 1_000, gone = false } = {},
) {
  const entries = Object.entries(features);
  const subjects = entries.map(
    ([name, { reference, importance }]): SubjectProfile => ({
      ...numericSubject(name, draw(4_000, reference)),
      ...(importance !== undefined && { importance }),
    }),
  );
  const current = entries.map(([, feature]) => draw(rows, feature.current));
  const { subjects: verdicts } = decideNumbers(subjects, current);
  const counts = subjects.map((subject, i) => {
    const column = { kind: 'feature' as const, name: subject.name, numbers: Float64Array.from(current[i]!) };
    return { kind: 'feature' as const, subject: subject.name, counts: Array.from(countCells(subject, column)) };
  });
  const values = new Map(
    subjects.map(({ name }, i) => [name, Float64Array.from(gone ? [] : current[i]!).filter((v) => !Number.isNaN(v))]),
  );
  return causeOf({ profile: { rows: 4_000, subjects }, counts, subjects: verdicts, values });
}

const height: Draw = (r) => 1.7 + 0.1 * r.normal();
const celsius: Draw = (r) => 20 + 6 * r.normal();
const price: Draw = (r) => Math.exp(3 + 0.6 * r.normal());
const acidity: Draw = (r) => 0.08 + Math.exp(-1.77 + 0.45 * r.normal());
const mixed =
  (share: number, one: Draw, other: Draw): Draw =>
  (r) =>
    r.next() < share ? one(r) : other(r);

test('nothing exceeded: no cause', () => {
  expect(explain({ height: { reference: height, current: height } })).toBeNull();
});

describe('looks like broken data', () => {
  test.each<[string, string, RegExp, Draw, Draw]>([
    ['metres that became centimetres', 'unit', /multiplied by a hundredfold/, height, (r) => height(r) * 100],
    ['metres that became feet', 'unit', /3\.2808/, height, (r) => height(r) / 0.3048],
    ['a thousandfold', 'unit', /multiplied by a thousandfold/, price, (r) => price(r) * 1_000],
    ['a tenth', 'unit', /divided by tenfold/, price, (r) => price(r) / 10],
    ['Celsius that became Fahrenheit', 'unit', /Celsius to Fahrenheit/, celsius, (r) => celsius(r) * 1.8 + 32],
    ['inches that became centimetres', 'unit', /2\.54/, height, (r) => height(r) * 2.54],
    ['a lost sign', 'unit', /in sign/, price, (r) => -price(r)],
    [
      'a third of the rows in centimetres',
      'unit',
      /a part of its values/,
      height,
      mixed(0.33, (r) => height(r) * 100, height),
    ],
    ['values that go missing', 'missing', /^3\d\.\d+ % missing, 0 %/, price, mixed(0.33, () => Number.NaN, price)],
    ['a stuck value', 'constant', /stuck: one value in 100 %/, price, () => 20],
    [
      'an error code in 5 % of the rows',
      'error-code',
      /that the reference never has/,
      price,
      mixed(0.05, () => -999, price),
    ],
    ['values far beyond the range', 'out-of-range', /9\d\.?\d* %|100 %/, height, (r) => 400 + 300 * r.next()],
  ])('%s', (_, signature, words, reference, current) => {
    const cause = explain({ x: { reference, current } });
    expect(cause).toMatchObject({ kind: 'broken-data', subjects: [{ signature }] });
    expect(cause!.subjects[0]!.words).toMatch(words);
    expect(cause!.summary).toContain('looks like broken data. x: ');
  });
});

describe('looks like a population that moved', () => {
  test.each<[string, Draw, Draw]>([
    ['half a deviation', height, (r) => height(r) + 0.05],
    ['two deviations', height, (r) => height(r) + 0.2],
    // Near a factor of 1.6, the kilometres of a mile.
    ['a skewed feature that moved by 1.5 deviations', acidity, (r) => acidity(r) + 0.15],
    ['prices that doubled', price, (r) => 2 * price(r)],
    ['a wider spread', celsius, (r) => 20 + 12 * r.normal()],
    ['a second group', celsius, mixed(0.3, (r) => 32 + r.normal(), celsius)],
    ['values that are missing no more', mixed(0.3, () => Number.NaN, price), price],
  ])('%s', (_, reference, current) => {
    expect(explain({ x: { reference, current } })).toMatchObject({
      kind: 'population',
      subjects: [{ signature: 'population' }],
    });
  });
});

test('ranks features by how far they moved times how much they move the output', () => {
  const shifted =
    (by: number): Draw =>
    (r) =>
      height(r) + by;
  const cause = explain({
    idle: { reference: height, current: shifted(0.2), importance: 0.02 },
    strong: { reference: height, current: shifted(0.08), importance: 0.9 },
    calm: { reference: height, current: height, importance: 0.08 },
  });
  expect(cause!.subjects.map(({ subject }) => subject)).toEqual(['strong', 'idle']);
  expect(cause!.summary).toMatch(
    /^looks like a population that moved\. Most by strong \(Jensen-Shannon distance 0\.\d+, 90 % of what moves the answers\), idle/,
  );
});

test('one broken feature is enough, whatever else moved', () => {
  const cause = explain({
    moved: { reference: height, current: (r) => height(r) + 0.1 },
    broken: { reference: price, current: (r) => price(r) * 1_000 },
  });
  expect(cause!.kind).toBe('broken-data');
  expect(cause!.summary).not.toContain('moved:');
});

test('without the rows a cause is told only where counts alone show broken data', () => {
  const tenth = { x: { reference: price, current: (r: Random) => price(r) / 10 } };
  expect(explain(tenth)).toMatchObject({ kind: 'broken-data', subjects: [{ signature: 'unit' }] });
  expect(explain(tenth, { gone: true })).toBeNull();
  expect(explain({ x: { reference: height, current: (r) => height(r) + 0.1 } }, { gone: true })).toBeNull();
  const missing = { x: { reference: price, current: mixed(0.3, () => Number.NaN, price) } };
  expect(explain(missing, { gone: true })).toMatchObject({ kind: 'broken-data', subjects: [{ signature: 'missing' }] });
  // No value is nothing that is gone.
  expect(explain({ x: { reference: price, current: () => Number.NaN } })).toMatchObject({ kind: 'broken-data' });
});
