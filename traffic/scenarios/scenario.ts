import type { Feature, NumericFeature } from '../../core/manifest/manifest.js';
import type { Random } from '../../core/random.js';
import type { ModelDescription } from '../model-description.js';
import type { TestRow } from '../test-rows.js';

/** What is really the case under a scenario: what a monitor ought to find out. */
export interface ScenarioTruth {
  /** The distribution of what is sent differs from that of the test rows. */
  dataDrift: boolean;
  /** The relation of the target to the true quantities differs from that in the test rows. */
  conceptDrift: boolean;
  /** What is sent is not the true quantity: a fault to mend at its source, not to retrain on. */
  brokenData: boolean;
  description: string;
}

/** What a scenario is made from. */
export interface ScenarioOptions {
  model: ModelDescription;
  rows: TestRow[];
  /** The feature to change; each scenario says what it takes when this is left out. */
  feature?: string;
  /** Size at full progress, in the scenario's own measure. */
  magnitude: number;
}

/**
 * Changes one row, or leaves it out (undefined). Pure: the same row, progress and random numbers give the same answer,
 * and the row handed in is not touched.
 * @param progress  how far the scenario has come, in (0, 1]
 */
export type ApplyScenario = (row: TestRow, progress: number, random: Random) => TestRow | undefined;

/** One scenario, with its truth as data. */
export interface Scenario {
  name: string;
  truth: ScenarioTruth;
  /** Size when --magnitude is left out. */
  defaultMagnitude(model: ModelDescription): number;
  /** What the magnitude counts, for the help and the README. */
  magnitudeMeaning: string;
  /** Rows over which it grows, when --ramp is left out. */
  ramp: number;
  /** @throws Error  the model or the rows do not allow this scenario; the message says why and what to choose */
  create(options: ScenarioOptions): ApplyScenario;
}

/** Ends a scenario that cannot be: what is wrong, and what to do. */
export function refuseScenario(scenario: string, message: string): never {
  throw new Error(`scenario ${scenario}: ${message}`, { cause: 'scenario' });
}

/** The chosen feature, or the first, among those that fit. @throws Error when there is none or the name is not one of them */
export function chooseFeature(scenario: string, options: ScenarioOptions, fits: Feature[], kind: string): Feature {
  const names = fits.map((f) => f.name).join(', ');
  if (fits.length === 0) return refuseScenario(scenario, `the model has no ${kind} feature; choose another scenario`);
  const chosen = options.feature === undefined ? fits[0] : fits.find((f) => f.name === options.feature);
  return (
    chosen ?? refuseScenario(scenario, `--feature "${options.feature}" is not one of its ${kind} features: ${names}`)
  );
}

/** The numeric features that are to move: the chosen one, or all. @throws Error as `chooseFeature` */
export function movingFeatures(scenario: string, options: ScenarioOptions): NumericFeature[] {
  const numeric = options.model.features.filter((f) => f.type === 'numeric');
  const first = chooseFeature(scenario, options, numeric, 'numeric');
  return options.feature === undefined ? numeric : numeric.filter((f) => f === first);
}

/** The values of a numeric feature that are not missing, in row order. */
export function numbersOf(rows: TestRow[], feature: string): number[] {
  return rows.map((row) => row.instance[feature]).filter((value) => typeof value === 'number');
}

/** A copy of the row with one value replaced. */
export function withValue(row: TestRow, feature: string, value: TestRow['instance'][string]): TestRow {
  return { ...row, instance: { ...row.instance, [feature]: value } };
}
