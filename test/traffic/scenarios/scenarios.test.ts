import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/random.js';
import type { ModelDescription } from '../../../traffic/model-description.js';
import { findScenario, SCENARIOS } from '../../../traffic/scenarios/all.js';
import type { ApplyScenario } from '../../../traffic/scenarios/scenario.js';
import type { TestRow } from '../../../traffic/test-rows.js';

const model: ModelDescription = {
  name: 'houses',
  task: 'multiclass',
  target: 'kind',
  classes: ['flat', 'house', 'villa'],
  features: [
    { name: 'area', type: 'numeric', missing: false, outOfRange: 'flag' },
    { name: 'age', type: 'numeric', missing: true, outOfRange: 'flag' },
    { name: 'town', type: 'categorical', missing: false, unseen: 'flag', categories: ['a', 'b'] },
    { name: 'garden', type: 'boolean', missing: false },
  ],
};
const regression: ModelDescription = { ...model, task: 'regression', classes: [] };
const random = createRandom(5);
const rows: TestRow[] = Array.from({ length: 400 }, (_, i) => ({
  instance: {
    area: 100 + 20 * random.normal(),
    age: i % 10 === 0 ? null : random.integer(90),
    town: i % 2 ? 'a' : 'b',
    garden: i % 3 === 0,
  },
  target: model.classes[i % 3]!,
}));

/** Prices in place of classes, for the scenario that needs them. */
const priced = rows.map((row, i) => ({ ...row, target: String(100 + i) }));
const isPriced = (name: string): boolean => name === 'price-rise';

function create(
  name: string,
  options: { feature?: string; magnitude?: number; model?: ModelDescription } = {},
): ApplyScenario {
  const scenario = findScenario(name);
  const described = options.model ?? (isPriced(name) ? regression : model);
  const magnitude = options.magnitude ?? scenario.defaultMagnitude(described);
  return scenario.create({ model: described, rows, ...options, magnitude });
}
const applyAll = (apply: ApplyScenario, progress = 1, seed = 1, given = rows): (TestRow | undefined)[] => {
  const own = createRandom(seed);
  return given.map((row) => apply(row, progress, own));
};
const share = (results: unknown[], test: (row: TestRow, i: number) => boolean): number =>
  results.filter((row, i) => row !== undefined && test(row as TestRow, i)).length / results.length;

describe.each(SCENARIOS.map((s) => [s.name, s] as const))('%s', (name, { truth }) => {
  const given = isPriced(name) ? priced : rows;

  it('is the same for the same seed and leaves the rows it was given alone', () => {
    const before = structuredClone(given);
    const apply = create(name);
    expect(applyAll(apply, 0.5, 9, given)).toEqual(applyAll(create(name), 0.5, 9, given));
    expect(given).toEqual(before);
  });

  it('does what its truth says to inputs and outcomes', () => {
    const results = applyAll(create(name), 1, 1, given);
    const changedInputs = share(results, (row, i) => row.instance !== given[i]!.instance);
    const changedOutcomes = share(results, (row, i) => row.target !== given[i]!.target);
    const leftOut = results.filter((row) => row === undefined).length;
    expect(changedInputs > 0 || leftOut > 0).toBe(truth.dataDrift);
    if (!truth.conceptDrift) expect(changedOutcomes).toBe(0);
    if (truth.conceptDrift && changedOutcomes === 0) expect(changedInputs).toBe(1);
    if (truth.brokenData) expect(changedInputs).toBeGreaterThan(0);
  });
});

describe('each scenario', () => {
  it('sudden-shift moves numeric features by the magnitude in standard deviations and the outcome one class down', () => {
    const areas = rows.map((row) => row.instance.area as number);
    const mean = areas.reduce((sum, v) => sum + v) / areas.length;
    const deviation = Math.sqrt(areas.reduce((sum, v) => sum + (v - mean) ** 2, 0) / areas.length);
    const results = applyAll(create('sudden-shift', { magnitude: 2 })) as TestRow[];
    for (const [i, row] of results.entries()) {
      expect(row.instance.area).toBeCloseTo(areas[i]! + 2 * deviation, 9);
      expect(row.instance.town).toBe(rows[i]!.instance.town);
      if (rows[i]!.instance.age === null) expect(row.instance.age).toBeNull();
      expect(row.target).toBe({ flat: 'villa', house: 'flat', villa: 'house' }[rows[i]!.target]);
    }
  });

  it('sudden-shift of one feature leaves the others', () => {
    for (const [i, row] of (applyAll(create('sudden-shift', { feature: 'age' })) as TestRow[]).entries()) {
      expect(row.instance.area).toBe(rows[i]!.instance.area);
    }
  });

  it('half way, sudden-shift has moved values half way and about half of the outcomes', () => {
    const full = applyAll(create('sudden-shift')) as TestRow[];
    const half = applyAll(create('sudden-shift'), 0.5) as TestRow[];
    const step = (to: TestRow[]): number => (to[0]!.instance.area as number) - (rows[0]!.instance.area as number);
    expect(step(half)).toBeCloseTo(step(full) / 2, 9);
    expect(Math.abs(share(half, (row, i) => row.target !== rows[i]!.target) - 0.5)).toBeLessThan(0.1);
  });

  it('a regression outcome falls by 30 %, or by the magnitude of concept-drift', () => {
    const row: TestRow = { instance: rows[0]!.instance, target: '200' };
    expect(Number(create('sudden-shift', { model: regression })(row, 1, random)!.target)).toBeCloseTo(140, 9);
    expect(Number(create('concept-drift', { model: regression })(row, 1, random)!.target)).toBeCloseTo(140, 9);
    const tenth = create('concept-drift', { model: regression, magnitude: 0.1 })(row, 1, random)!;
    expect(Number(tenth.target)).toBeCloseTo(180, 9);
  });

  it('price-rise raises each outcome by 10 to 20 %, by a share of its own, and less before it is all there', () => {
    const rises = (progress: number): number[] =>
      applyAll(create('price-rise'), progress, 1, priced).map(
        (row, i) => Number(row!.target) / Number(priced[i]!.target) - 1,
      );
    const [full, half] = [rises(1), rises(0.5)];
    expect(Math.min(...full)).toBeGreaterThanOrEqual(0.1);
    expect(Math.max(...full)).toBeLessThanOrEqual(0.2);
    expect(full.reduce((sum, rise) => sum + rise / full.length, 0)).toBeCloseTo(0.15, 2);
    expect(half[0]!).toBeCloseTo(full[0]! / 2, 9);
  });

  it('population-shift makes the upper quarter the share asked for', () => {
    const areas = rows.map((row) => row.instance.area as number).sort((a, b) => a - b);
    const apply = create('population-shift', { magnitude: 0.6 });
    const own = createRandom(2);
    const kept = Array.from({ length: 50 }, () => rows.map((row) => apply(row, 1, own)))
      .flat()
      .filter((r) => r !== undefined);
    const upper = kept.filter((row) => (row.instance.area as number) >= areas[300]!).length / kept.length;
    expect(upper).toBeCloseTo(0.6, 1);
  });

  it('missing-values takes the feature that may be missing, or empties a category on request', () => {
    const nulls = share(applyAll(create('missing-values', { magnitude: 0.5 })), (row) => row.instance.age === null);
    expect(Math.abs(nulls - 0.55)).toBeLessThan(0.1);
    const empty = applyAll(create('missing-values', { feature: 'town', magnitude: 1 }));
    expect(share(empty, (row) => row.instance.town === '')).toBe(1);
  });

  it('new-category and broken-unit change the first feature that fits, by share and by factor', () => {
    const unseen = share(applyAll(create('new-category')), (row) => row.instance.town === 'new-category');
    expect(Math.abs(unseen - 0.2)).toBeLessThan(0.08);
    const [first] = applyAll(create('broken-unit', { magnitude: 0.01 })) as TestRow[];
    expect(first!.instance.area).toBeCloseTo((rows[0]!.instance.area as number) / 100, 9);
  });
});

describe('what cannot be', () => {
  const onlyNumeric = { ...model, features: [model.features[0]!] };
  it.each([
    ['new-category', { model: onlyNumeric }, /no categorical feature; choose another scenario/],
    ['missing-values', { model: onlyNumeric }, /write "missing: true" for one in model\.yaml/],
    ['broken-unit', { feature: 'town' }, /--feature "town" is not one of its numeric features: area, age/],
    ['population-shift', { magnitude: 0.1 }, /--magnitude 0\.1 does not fit: 0\.25 of the rows/],
    ['concept-drift', { magnitude: 3 }, /--magnitude 3 moves no class; write 1/],
    ['price-rise', { model }, /the target "kind" is a class, and cannot rise; choose concept-drift/],
    ['sudden-shift', { model: { ...model, features: [model.features[3]!] } }, /no numeric feature/],
  ])('%s refuses with what to do: %j', (name, options, message) => {
    expect(() => create(name, options)).toThrow(message);
  });

  it('an unknown name is answered with the known ones', () => {
    expect(() => findScenario('drift')).toThrow(/"drift" is not known; write one of none, gradual-shift/);
  });
});
