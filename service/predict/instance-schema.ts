import { FLOAT32_MAX } from '../../core/inference/float32.js';
import type { Feature, Manifest } from '../../core/manifest/manifest.js';
import { isTimestamp, TIMESTAMP_EXAMPLE } from '../../core/preparation/timestamp.js';

/** A JSON schema (draft 2020-12 keywords only, plus the annotations `x-unit` and `x-range`). */
export type JsonSchema = Record<string, unknown>;

/** Whether a float32 tensor holds a number: the format `float` of OpenAPI. */
function isFloat(value: number): boolean {
  return Math.abs(value) <= FLOAT32_MAX;
}

/** The format of OpenAPI and of JSON Schema for a point in time (RFC 3339). */
const TIME_FORMAT = 'date-time';

/** The formats that an instance schema uses, as ajv takes them. */
export const FORMATS = {
  float: { type: 'number', validate: isFloat },
  [TIME_FORMAT]: { type: 'string', validate: isTimestamp },
} as const;

/** Characters of a text that is no category, at most. */
export const LONGEST_TEXT = 1_000;
/** Characters of a text that is a raw input, at most: a description rather than a category. */
const LONGEST_FREE_TEXT = 10_000;
/**
 * Text without NUL and half surrogate pairs. To ONNX Runtime a string ends at NUL, and neither Postgres nor UTF-8 holds
 * either, so the model would see another text than the one recorded.
 */
const WHOLE_TEXT = '^[^\\u0000\\ud800-\\udfff]*$';
const wholeText = new RegExp(WHOLE_TEXT, 'u');

/** Whether a text has neither NUL nor half a surrogate pair. */
export function isWholeText(text: string): boolean {
  return wholeText.test(text);
}

/**
 * The schema of one instance: what validation is compiled from and what the API description shows, so they cannot differ.
 * A range or category list becomes a constraint only where the manifest says `reject`; otherwise it is an annotation.
 */
export function instanceSchema(manifest: Manifest): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(manifest.features.map((feature) => [feature.name, featureSchema(feature)])),
    required: manifest.features.filter((feature) => !feature.missing).map((feature) => feature.name),
    additionalProperties: false,
  };
}

function featureSchema(feature: Feature): JsonSchema {
  const base = { description: describe(feature), ...(feature.unit !== undefined && { 'x-unit': feature.unit }) };
  const type = (name: string): unknown => (feature.missing ? [name, 'null'] : name);
  if (feature.type === 'boolean') return { ...base, type: type('boolean') };
  if (feature.type === 'numeric') {
    const { range } = feature;
    const limits = range && feature.outOfRange === 'reject' ? { minimum: range[0], maximum: range[1] } : {};
    return { ...base, type: type('number'), format: 'float', ...limits, ...(range && { 'x-range': range }) };
  }
  if (feature.free === 'timestamp') return { ...base, type: type('string'), format: TIME_FORMAT };
  if (feature.free === 'text') {
    return { ...base, type: type('string'), maxLength: LONGEST_FREE_TEXT, pattern: WHOLE_TEXT };
  }
  if (feature.unseen === 'reject') {
    return { ...base, type: type('string'), enum: [...feature.categories, ...(feature.missing ? [null] : [])] };
  }
  const maxLength = Math.max(LONGEST_TEXT, ...feature.categories.map((category) => category.length));
  return { ...base, type: type('string'), maxLength, pattern: WHOLE_TEXT, 'x-categories': feature.categories };
}

/** A sentence for people: what the feature is, in which unit, and what is plausible. */
function describe(feature: Feature): string {
  const parts = [(feature.description ?? feature.name).replace(/[\s.;]+$/, '')];
  if (feature.unit !== undefined) parts.push(`in ${feature.unit}`);
  const limits = wantedValues(feature);
  if (limits !== undefined) parts.push(limits);
  if (feature.missing) parts.push('may be null or left out');
  return parts.join('; ');
}

/** The values that are expected of a feature, in words: `8 to 14.2`, or its first categories. */
export function wantedValues(feature: Feature): string | undefined {
  if (feature.type === 'boolean') return undefined;
  if (feature.type === 'numeric') return feature.range && `${feature.range[0]} to ${feature.range[1]}`;
  if (feature.free === 'timestamp') return `a time with its zone such as ${TIMESTAMP_EXAMPLE}`;
  if (feature.free === 'text') return `of ${LONGEST_FREE_TEXT} characters at most`;
  const shown = feature.categories.slice(0, 10).map((category) => JSON.stringify(category));
  const more = feature.categories.length - shown.length;
  return `one of ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
