import { closest } from '../closest.js';
import type { FromSource } from '../manifest/input-schema.js';
import type { Feature, Input } from '../manifest/manifest.js';
import type { FeatureSource, ManifestSource } from '../manifest/schema.js';
import { type InputType, STEPS, type Step, type StepName } from '../preparation/step.js';
import { isTimestamp, TIMESTAMP_EXAMPLE } from '../preparation/timestamp.js';
import type { Problem } from '../problems.js';
import type { LocateField } from './resolve.js';

/** The raw inputs of a manifest, and how each of its features is made, by name. */
export interface ResolvedPreparation {
  inputs?: Input[];
  steps: Map<string, Step>;
}

const STEP_NAMES = [...(Object.keys(STEPS) as (keyof typeof STEPS)[]), 'input' as const];
/** A raw input of this type is passed on as a feature of that. */
const PASSED_ON: Record<InputType, Feature['type'] | undefined> = {
  numeric: 'numeric',
  boolean: 'boolean',
  text: 'categorical',
  timestamp: undefined,
};

/** The key of the second input of a step that does not take a list. */
const SECOND: { [step in StepName]?: 'of' | 'by' } = { part: 'of', equals: 'of', minusMedian: 'by' };

/** Fills in the inputs and steps of a manifest. Adds what cannot be to `problems`. */
export function resolvePreparation(
  source: ManifestSource,
  problems: Problem[],
  locate: LocateField,
): ResolvedPreparation {
  const steps = new Map<string, Step>();
  const at = (i: number) => (message: string) => {
    problems.push({ where: locate('features', i), message: `features.${source.features[i]!.name}: ${message}` });
  };
  if (!source.inputs) {
    for (const [i, feature] of source.features.entries()) {
      if (feature.from) at(i)('"from" takes raw inputs; list them under "inputs"');
    }
    return { steps };
  }
  const inputs = source.inputs.map((input): Input => ({ ...input, missing: input.missing ?? false }));
  reportInputs(source, inputs, problems, locate);
  for (const [i, feature] of source.features.entries()) {
    const step = resolveStep(feature, inputs, at(i));
    if (step) steps.set(feature.name, step);
  }
  return { inputs, steps };
}

function reportInputs(source: ManifestSource, inputs: Input[], problems: Problem[], locate: LocateField): void {
  for (const [i, { name, type, example }] of inputs.entries()) {
    const say = (message: string): unknown => problems.push({ where: locate('inputs', i), message });
    if (inputs.findIndex((input) => input.name === name) !== i) say(`input "${name}" stands twice; remove one`);
    if (name === source.target) say(`the target "${name}" is also an input; remove it from inputs`);
    if (example !== undefined && !isOfType(type, example)) {
      say(`inputs.${name}.example: ${JSON.stringify(example)} is no ${type}${hintOf(type)}`);
    }
  }
}

function isOfType(type: InputType, value: number | string | boolean): boolean {
  if (type === 'numeric') return typeof value === 'number';
  if (type === 'boolean') return typeof value === 'boolean';
  return typeof value === 'string' && (type === 'text' || isTimestamp(value));
}

function hintOf(type: InputType): string {
  return type === 'timestamp' ? `; write one such as "${TIMESTAMP_EXAMPLE}"` : '';
}

/** The step of a feature; undefined where it is wrong, which is said. */
function resolveStep(feature: FeatureSource, inputs: Input[], say: (message: string) => void): Step | undefined {
  const step = readStep(feature.from ?? { input: feature.name }, say);
  if (!step) return undefined;
  const found = step.of.map((name) => inputs.find((input) => input.name === name));
  const absent = found.indexOf(undefined);
  if (absent !== -1) {
    const name = step.of[absent]!;
    const names = inputs.map((input) => input.name);
    const guess = closest(name, names);
    const made = feature.from ? '' : '; say how the feature is made, with "from"';
    say(
      `there is no input "${name}"${guess ? `, did you mean "${guess}"?` : `; the inputs are ${names.join(', ')}`}${made}`,
    );
    return undefined;
  }
  const given = found.filter((input) => input !== undefined);
  if (!fits(step.step, feature.type, given, say)) return undefined;
  // A category that is missing has the median of all rows.
  const needed = step.step === 'minusMedian' ? given.slice(0, 1) : given;
  const optional = needed.find((input) => input.missing);
  if (optional && !feature.missing) say(`the input "${optional.name}" may be missing; write "missing: true" here too`);
  return step;
}

function fits(step: StepName, type: Feature['type'], given: Input[], say: (message: string) => void): boolean {
  if (step === 'input') {
    const [input] = given;
    const wanted = PASSED_ON[input!.type];
    if (wanted === type) return true;
    const advice = wanted ? `write "type: ${wanted}"` : 'take hours, days or a part of it';
    say(`the input "${input!.name}" is a ${input!.type}, the feature ${type}; ${advice}`);
    return false;
  }
  const { takes, makes } = STEPS[step];
  if (makes !== type) {
    say(`"${step}" makes a ${makes} feature; write "type: ${makes}"`);
    return false;
  }
  const wrong = given.findIndex((input, i) => input.type !== takes[i]);
  if (wrong === -1) return true;
  const { name, type: found } = given[wrong]!;
  say(`"${step}" takes ${takes.join(' and ')}; the input "${name}" is of type ${found}`);
  return false;
}

/** Which step is written, in the one form that all have after this. */
function readStep(from: FromSource, say: (message: string) => void): Step | undefined {
  const written = STEP_NAMES.filter((name) => from[name] !== undefined);
  const [step, ...others] = written;
  if (!step || others.length > 0) {
    say(`write one step under "from", one of ${STEP_NAMES.join(', ')}`);
    return undefined;
  }
  const second = SECOND[step];
  for (const key of ['of', 'by'] as const) {
    if ((key === second) === (from[key] !== undefined)) continue;
    say(
      key === second
        ? `"${step}" needs "${key}", the name of an input`
        : `"${key}" does not go with "${step}"; remove it`,
    );
    return undefined;
  }
  if (step === 'part') return { step, of: [from.of!], part: from.part! };
  if (step === 'equals') return { step, of: [from.of!], value: from.equals! };
  if (step === 'minusMedian') return { step, of: [from.minusMedian!, from.by!] };
  return { step, of: [from[step]!].flat() };
}
