import type { ErrorObject } from 'ajv';
import { closest } from '../../core/closest.js';
import type { Feature, Manifest } from '../../core/manifest/manifest.js';
import type { InvalidReason, RequestProblem } from '../errors.js';
import { wantedValues } from './instance-schema.js';
import type { ReasonedProblem } from './problem-list.js';

/** Characters of a name that the client made up, as far as they are shown. */
const LONGEST_NAME = 200;

/** A validation error of one instance as a problem with its path and a sentence, and the reason it is counted under. */
export function describeProblem(
  manifest: Manifest,
  error: ErrorObject,
  index: number,
  instance: unknown,
): ReasonedProblem {
  const base = `/instances/${index}`;
  if (error.keyword === 'required') {
    const name = String((error.params as { missingProperty: unknown }).missingProperty);
    const message = `is missing; send ${wanted(manifest.features.find((f) => f.name === name))}`;
    return { path: `${base}/${escapePointer(name)}`, message, reason: 'missing_field' };
  }
  if (error.keyword === 'additionalProperties') {
    const name = String((error.params as { additionalProperty: unknown }).additionalProperty);
    const names = manifest.features.map((f) => f.name);
    const guess = closest(name.slice(0, LONGEST_NAME), names);
    const hint = guess !== undefined ? `did you mean "${guess}"?` : `the features are ${names.join(', ')}`;
    return {
      path: `${base}/${escapePointer(name.slice(0, LONGEST_NAME))}`,
      message: `is no feature of this model; ${hint}`,
      reason: 'unknown_field',
    };
  }
  if (error.instancePath === '') {
    return { path: base, message: `is ${kindOf(instance)}, wanted an object of features`, reason: 'wrong_type' };
  }
  const name = unescapePointer(error.instancePath.slice(1));
  const value = (instance as Record<string, unknown>)[name];
  const feature = manifest.features.find((f) => f.name === name);
  const complaint =
    error.keyword === 'pattern'
      ? 'which holds NUL or half a surrogate pair; send text without'
      : `wanted ${wanted(feature)}`;
  return {
    path: base + error.instancePath,
    message: `is ${show(value)}, ${complaint}`,
    reason: reasonOf(error.keyword, value),
  };
}

function reasonOf(keyword: string, value: unknown): InvalidReason {
  // The format of a number is that of float32; that of a text, a point in time.
  const isTooLarge = keyword === 'format' && typeof value === 'number';
  if (keyword === 'minimum' || keyword === 'maximum' || isTooLarge) return 'out_of_range';
  return keyword === 'enum' ? 'unseen_category' : 'wrong_type';
}

/** What a feature takes, in words. */
function wanted(feature: Feature | undefined): string {
  if (!feature) return 'nothing';
  const kind = { numeric: 'a number', categorical: 'a string', boolean: 'true or false' }[feature.type];
  const limits = wantedValues(feature);
  const unit = feature.unit === undefined ? '' : ` in ${feature.unit}`;
  return `${kind}${unit}${limits === undefined ? '' : `, ${limits}`}${feature.missing ? ', or null' : ''}`;
}

/** A value as it is shown in a message: short, with its type. */
export function show(value: unknown): string {
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value !== 'string') return kindOf(value);
  return `the string ${JSON.stringify(value.length > 50 ? `${value.slice(0, 50)}…` : value)}`;
}

/** The JSON type of a value with its article; absent values are "missing". */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : typeof value === 'boolean' ? String(value) : `a ${typeof value}`;
}

/** A field of a body that has only the field `only`, as a problem with its path. */
export function describeUnknownField(key: string, only: string): RequestProblem {
  const path = `/${escapePointer(key.slice(0, LONGEST_NAME))}`;
  return { path, message: `is unknown; the body has the one field "${only}"` };
}

/** A key as a step of a JSON pointer (RFC 6901). */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function unescapePointer(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}
