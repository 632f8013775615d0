import { Type } from '@sinclair/typebox';
import type { Manifest } from '../../core/manifest/manifest.js';
import { InvalidRequestError, type RequestProblem } from '../errors.js';
import { describeUnknownField, kindOf } from '../predict/describe-problem.js';
import { outcomeProblems, outcomeSchema, type SentOutcome } from './outcome-problems.js';

/** The later truth of one prediction, checked. */
export interface Outcome {
  predictionId: string;
  /** A class, or a number as text. */
  actual: string;
  observedAt: Date;
}

const LISTED_PROBLEMS = 100;

/** Reads the body of an outcomes request. @throws InvalidRequestError with all problems at once (100 listed, the rest counted) */
export function validateOutcomes(manifest: Manifest, body: unknown, maxOutcomes: number): Outcome[] {
  const problems: RequestProblem[] = [];
  const items = readItems(body, maxOutcomes, problems);
  const seen = new Map<string, number>();
  items.forEach((item, i) => {
    for (const { path, message } of outcomeProblems(manifest, item, i, seen)) {
      problems.push({ path: `/outcomes/${i}${path}`, message });
    }
  });
  if (problems.length > 0) throw refusal(problems);
  return (items as SentOutcome[]).map(({ prediction_id, actual, observed_at }) => ({
    predictionId: prediction_id.toLowerCase(),
    actual: String(actual),
    observedAt: new Date(observed_at),
  }));
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

/** The outcomes of a body, unchecked; empty where there is nothing whose content should be looked at. */
function readItems(body: unknown, maxOutcomes: number, problems: RequestProblem[]): unknown[] {
  const say = (path: string, message: string): unknown => problems.push({ path, message });
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    say('', `is ${kindOf(body)}, wanted an object {"outcomes": [...]}`);
    return [];
  }
  for (const key of Object.keys(body)) if (key !== 'outcomes') problems.push(describeUnknownField(key, 'outcomes'));
  const { outcomes } = body as { outcomes?: unknown };
  if (!Array.isArray(outcomes)) {
    say('/outcomes', `is ${kindOf(outcomes)}, wanted an array of objects`);
    return [];
  }
  if (outcomes.length === 0) say('/outcomes', 'is empty, wanted at least one outcome');
  if (outcomes.length <= maxOutcomes) return outcomes;
  say('/outcomes', `holds ${outcomes.length} outcomes, wanted ${maxOutcomes} at most`);
  return [];
}
