import { standardDeviation } from 'simple-statistics';
import type { TestRow } from '../test-rows.js';
import { movingFeatures, numbersOf, refuseScenario, type ScenarioOptions, withValue } from './scenario.js';

/**
 * A function that adds `magnitude` standard deviations of the test rows (times `progress`) to the chosen numeric
 * feature, or to all of them. Missing values stay missing.
 * @throws Error  no numeric feature, or one that is the same in all rows
 */
export function createFeatureShift(
  scenario: string,
  options: ScenarioOptions,
): (row: TestRow, progress: number) => TestRow {
  const steps = movingFeatures(scenario, options).map(({ name }) => {
    const values = numbersOf(options.rows, name);
    const deviation = values.length > 0 ? standardDeviation(values) : 0;
    if (deviation === 0)
      refuseScenario(scenario, `feature "${name}" does not vary in the rows; give --feature another`);
    return { name, step: deviation * options.magnitude };
  });
  return (row, progress) =>
    steps.reduce((moved, { name, step }) => {
      const value = moved.instance[name];
      return typeof value === 'number' ? withValue(moved, name, value + step * progress) : moved;
    }, row);
}
