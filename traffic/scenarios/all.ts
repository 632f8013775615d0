import { brokenUnit } from './broken-unit.js';
import { conceptDrift } from './concept-drift.js';
import { gradualShift } from './gradual-shift.js';
import { missingValues } from './missing-values.js';
import { newCategory } from './new-category.js';
import { none } from './none.js';
import { populationShift } from './population-shift.js';
import { priceRise } from './price-rise.js';
import type { Scenario } from './scenario.js';
import { suddenShift } from './sudden-shift.js';

/** Every scenario, in the order of the README. */
export const SCENARIOS: readonly Scenario[] = [
  none,
  gradualShift,
  suddenShift,
  populationShift,
  newCategory,
  missingValues,
  brokenUnit,
  conceptDrift,
  priceRise,
];

/** The scenario of a name. @throws Error that lists the names */
export function findScenario(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found) return found;
  throw new Error(`--scenario "${name}" is not known; write one of ${SCENARIOS.map((s) => s.name).join(', ')}`, {
    cause: 'scenario',
  });
}
