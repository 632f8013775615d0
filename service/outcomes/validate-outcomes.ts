import { type Static, Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import type { Manifest } from '../../core/manifest/manifest.js';
import { InvalidRequestError, type RequestProblem } from '../errors.js';
import { isId } from '../new-id.js';
import { kindOf, show } from '../predict/describe-problem.js';

/** The later truth of one prediction, checked. */
export interface Outcome {
  predictionId: string;
  /** A class, or a number as text. */
  actual: string;
  observedAt: Date;
}

const outcomeSchema = Type.Object(
  {
    prediction_id: Type.String({ description: 'the id of the prediction, as it was answered' }),
    actual: Type.Union([Type.String(), Type.Number()], { description: 'what turned out to be true' }),
    observed_at: Type.String({ format: 'date-time', description: 'when it was seen, with its time zone (RFC 3339)' }),
  },
  { additionalProperties: false },
);
const ajv = new Ajv({ allErrors: true });
ajvFormats.default(ajv, ['date-time']);
const isOutcome = ajv.compile<Static<typeof outcomeSchema>>(outcomeSchema);
const LISTED_PROBLEMS = 100;

/** Reads the body of an outcomes request. @throws InvalidRequestError with all problems at once (100 listed, the rest counted) */
export function validateOutcomes(manifest: Manifest, body: unknown, maxOutcomes: number): Outcome[] {
  const items = readItems(body, maxOutcomes);
  const problems: RequestProblem[] = [];
  const seen = new Map<string, number>();
  const outcomes: Outcome[] = [];
  items.forEach((item, i) => {
    const path = `/outcomes/${i}`;
    if (!isOutcome(item)) {
      for (const problem of shapeProblems(item)) problems.push({ ...problem, path: path + problem.path });
      return;
    }
    const predictionId = item.prediction_id.toLowerCase();
    const say = (field: string, message: string): unknown => problems.push({ path: `${path}/${field}`, message });
    if (!isId(predictionId)) say('prediction_id', `is ${show(item.prediction_id)}, wanted the id of a prediction`);
    const before = seen.get(predictionId);
    if (before !== undefined) say('prediction_id', `stands in /outcomes/${before} already; send each prediction once`);
    seen.set(predictionId, i);
    const wrong = wrongActual(manifest, item.actual);
    if (wrong !== undefined) say('actual', wrong);
    const observedAt = new Date(item.observed_at);
    if (!isStorable(observedAt)) say('observed_at', `is ${show(item.observed_at)}, wanted ${STORABLE}`);
    outcomes.push({ predictionId, actual: String(item.actual), observedAt });
  });
  if (problems.length > 0) throw refusal(problems);
  return outcomes;
}

/** The schema of a request, for the API description of a model. */
export function outcomesSchema(manifest: Manifest): object {
  const actual = manifest.task === 'regression' ? Type.Number() : { type: 'string', enum: manifest.classes };
  const { prediction_id, observed_at } = outcomeSchema.properties;
  const described = { ...actual, description: outcomeSchema.properties.actual.description };
  const item = { ...outcomeSchema, properties: { prediction_id, actual: described, observed_at } };
  return Type.Object({ outcomes: Type.Array(item as never, { minItems: 1 }) }, { additionalProperties: false });
}

/** Problems as one error: the first hundred listed, the rest counted. */
export function refusal(
  problems: RequestProblem[],
  reason: 'wrong_shape' | 'unknown_prediction' = 'wrong_shape',
): Error {
  return new InvalidRequestError(
    reason,
    problems.slice(0, LISTED_PROBLEMS),
    Math.max(0, problems.length - LISTED_PROBLEMS),
  );
}

function readItems(body: unknown, maxOutcomes: number): unknown[] {
  const refuse = (path: string, message: string): never => {
    throw refusal([{ path, message }]);
  };
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return refuse('', `is ${kindOf(body)}, wanted an object {"outcomes": [...]}`);
  }
  const unknown = Object.keys(body).find((key) => key !== 'outcomes');
  if (unknown !== undefined) {
    return refuse(`/${unknown.slice(0, 200)}`, 'is unknown; the body has the one field "outcomes"');
  }
  const { outcomes } = body as { outcomes?: unknown };
  if (!Array.isArray(outcomes)) return refuse('/outcomes', `is ${kindOf(outcomes)}, wanted an array of objects`);
  if (outcomes.length === 0) return refuse('/outcomes', 'is empty, wanted at least one outcome');
  if (outcomes.length <= maxOutcomes) return outcomes;
  return refuse('/outcomes', `holds ${outcomes.length} outcomes, wanted ${maxOutcomes} at most`);
}

function shapeProblems(item: unknown): RequestProblem[] {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return [{ path: '', message: `is ${kindOf(item)}, wanted {"prediction_id", "actual", "observed_at"}` }];
  }
  const wanted = {
    prediction_id: 'the id of a prediction',
    actual: 'a class or a number',
    observed_at: 'a time with its zone, such as "2026-01-31T12:00:00Z"',
  };
  const found = new Map<string, RequestProblem>();
  for (const error of isOutcome.errors ?? []) {
    const params = error.params as { missingProperty?: string; additionalProperty?: string };
    const unknown = params.additionalProperty?.slice(0, 200);
    const field = (unknown ?? params.missingProperty ?? error.instancePath.slice(1)) as keyof typeof wanted;
    const message =
      unknown !== undefined
        ? `is unknown; the fields are ${Object.keys(wanted).join(', ')}`
        : `is ${show((item as Record<string, unknown>)[field])}, wanted ${wanted[field]}`;
    found.set(field, { path: `/${field}`, message });
  }
  return [...found.values()];
}

const STORABLE = 'a time from the year 1 to 9999, with a second from 0 to 59';

/** RFC 3339 has leap seconds, `Date` has not; outside the years 1 to 9999 a stored time could not be given back in its form. */
function isStorable(time: Date): boolean {
  const year = time.getUTCFullYear();
  return year >= 1 && year <= 9_999;
}

function wrongActual(manifest: Manifest, actual: string | number): string | undefined {
  if (manifest.task === 'regression') {
    return typeof actual === 'number' ? undefined : `is ${show(actual)}, wanted a number`;
  }
  if (manifest.classes.includes(actual as string)) return undefined;
  return `is ${show(actual)}, wanted one of ${manifest.classes.map((name) => JSON.stringify(name)).join(', ')}`;
}
