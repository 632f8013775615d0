import { mean, sampleCorrelation, standardDeviation } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { GRADES } from '../../../examples/wine-quality/example.js';
import { generateWines } from '../../../examples/wine-quality/generate.js';
import { accuracyOf, trainOn } from '../../traffic/wine-accuracy.js';
import { prepareWine } from '../../traffic/wine-model.js';

const wines = generateWines(20_000, 3);
const column = (name: 'alcohol' | 'volatile_acidity' | 'sulphates'): number[] =>
  wines.map((wine) => Number(wine.cells[name]));
const quality = wines.map((wine) => Number(wine.cells.quality));

describe('generateWines', () => {
  it.each([
    ['alcohol', 10.514, 1.231],
    ['volatile_acidity', 0.278, 0.101],
    ['sulphates', 0.49, 0.114],
  ] as const)("%s has the mean and deviation measured on the publisher's file", (name, center, deviation) => {
    expect(Math.abs(mean(column(name)) - center)).toBeLessThan(deviation / 20);
    expect(Math.abs(standardDeviation(column(name)) / deviation - 1)).toBeLessThan(0.1);
  });

  it.each([
    ['alcohol', 0.436],
    ['volatile_acidity', -0.196],
    ['sulphates', 0.054],
  ] as const)('%s correlates with quality as measured', (name, correlation) => {
    expect(Math.abs(sampleCorrelation(column(name), quality) - correlation)).toBeLessThan(0.04);
  });

  it('has the shares of grades and of repeated rows as measured', () => {
    const shares = [20, 163, 1457, 2198, 880, 180].map((count) => count / 4898);
    for (const [i, grade] of GRADES.entries()) {
      const share = wines.filter((wine) => wine.cells.quality === grade).length / wines.length;
      expect(Math.abs(share - shares[i]!)).toBeLessThan(0.02);
    }
    const repeated = 1 - new Set(wines.map((wine) => wine.key)).size / wines.length;
    expect(Math.abs(repeated - 937 / 4898)).toBeLessThan(0.01);
  });

  it('is about as learnable as the original, on which the built-in learner reaches 0.51 to 0.52', async () => {
    const { reference, test } = await prepareWine();
    const accuracy = accuracyOf(trainOn(reference), test);
    expect(accuracy).toBeGreaterThan(0.48);
    expect(accuracy).toBeLessThan(0.56);
  });
});
