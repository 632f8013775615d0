import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRowStream } from '../../../traffic/row-stream.js';
import { findScenario } from '../../../traffic/scenarios/all.js';
import type { TestRow } from '../../../traffic/test-rows.js';
import { findData, needData } from '../../helpers/tool.js';
import { psiOf } from '../drift-of.js';
import { accuracyOf, trainOn } from '../wine-accuracy.js';
import { prepareWine, wineModel } from '../wine-model.js';

const sources: [string, string?][] = [['generated'], ['published', 'winequality-white.csv']];

describe.each(sources)('scenarios on %s wines', (_, file) => {
  let reference: TestRow[];
  let test: TestRow[];
  beforeAll(async () => {
    const csv = file && findData(file);
    if (file && csv === undefined) return;
    ({ reference, test } = await prepareWine(csv));
  });
  beforeEach((context) => {
    if (file) needData(context, file);
  });

  function sent(name: string, count: number): TestRow[] {
    const found = findScenario(name);
    const scenario = found.create({ model: wineModel, rows: test, magnitude: found.defaultMagnitude(wineModel) });
    const stream = createRowStream({ rows: test, scenario, startAfter: 0, ramp: 0, outcomesShare: 1, seed: 3 });
    return Array.from({ length: count }, () => stream.next().value);
  }
  const worstPsi = (rows: TestRow[]): number =>
    Math.max(...wineModel.features.map(({ name }) => psiOf(name, reference, rows)));

  it('none: PSI of 500 rows stays below 0.1 on every feature', () => {
    expect(worstPsi(sent('none', 500))).toBeLessThan(0.1);
  });

  it('sudden-shift: PSI far above 0.25, the old model is wrong, a retrained one as good as the old one was', () => {
    const rows = sent('sudden-shift', 1800);
    expect(worstPsi(rows.slice(0, 500))).toBeGreaterThan(0.5);
    const old = trainOn(reference);
    const before = accuracyOf(old, test);
    const [recent, later] = [rows.slice(0, 900), rows.slice(900)];
    expect(before).toBeGreaterThan(0.48);
    expect(accuracyOf(old, later)).toBeLessThan(0.2);
    // 900 rows instead of 2,200 to learn the new relation from: within 8 points.
    expect(accuracyOf(trainOn([...reference, ...recent]), later)).toBeGreaterThan(before - 0.08);
  });

  it('population-shift: PSI far above 0.25, yet every row is a test row as it was', () => {
    const rows = sent('population-shift', 500);
    expect(worstPsi(rows)).toBeGreaterThan(0.25);
    const known = new Map(test.map((row) => [row.instance, row.target]));
    for (const row of rows) expect(known.get(row.instance)).toBe(row.target);
  });

  it('population-shift: a model trained on the shifted rows too is no better on shifted rows it has not seen', () => {
    const found = findScenario('population-shift');
    const half = test.length / 2;
    const draw = (rows: TestRow[]): TestRow[] => {
      const scenario = found.create({ model: wineModel, rows, magnitude: 0.7 });
      const stream = createRowStream({ rows, scenario, startAfter: 0, ramp: 0, outcomesShare: 1, seed: 3 });
      return Array.from({ length: 350 }, () => stream.next().value);
    };
    const [recent, later] = [draw(test.slice(0, half)), draw(test.slice(half))];
    const gain = accuracyOf(trainOn([...reference, ...recent]), later) - accuracyOf(trainOn(reference), later);
    // Two standard errors of an accuracy near 0.5 over 350 rows are 0.053.
    expect(Math.abs(gain)).toBeLessThan(0.053);
  });

  it('concept-drift: inputs as they were, the old model is wrong', () => {
    const rows = sent('concept-drift', 1000);
    expect(worstPsi(rows)).toBeLessThan(0.1);
    expect(accuracyOf(trainOn(reference), rows)).toBeLessThan(0.3);
  });

  it('broken-unit: one feature leaves its range altogether, the others stay', () => {
    const rows = sent('broken-unit', 500);
    expect(psiOf('alcohol', reference, rows)).toBeGreaterThan(2);
    expect(psiOf('sulphates', reference, rows)).toBeLessThan(0.1);
  });
});
