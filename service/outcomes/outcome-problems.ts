import { type Static, Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import type { Manifest } from '../../core/manifest/manifest.js';
import type { RequestProblem } from '../errors.js';
import { isId } from '../new-id.js';
import { escapePointer, kindOf, show } from '../predict/describe-problem.js';

/** What every model's outcomes have in common. */
export const outcomeSchema = Type.Object(
  {
    prediction_id: Type.String({ description: 'the id of the prediction, as it was answered' }),
    actual: Type.Union([Type.String(), Type.Number()], { description: 'what turned out to be true' }),
    observed_at: Type.String({ format: 'date-time', description: 'when it was seen, with its time zone (RFC 3339)' }),
  },
  { additionalProperties: false },
);
/** An outcome as it is sent. */
export type SentOutcome = Static<typeof outcomeSchema>;

const ajv = new Ajv({ allErrors: true });
ajvFormats.default(ajv, ['date-time']);
const isOutcome = ajv.compile<SentOutcome>(outcomeSchema);

const WANTED = {
  prediction_id: 'the id of a prediction',
  actual: 'a class or a number',
  observed_at: 'a time with its zone, such as "2026-01-31T12:00:00Z"',
};
type Field = keyof typeof WANTED;
const FIELDS = Object.keys(WANTED) as Field[];

/** An outcome with more fields is refused as a whole: finding and describing each would hold up others. */
const MOST_FIELDS = 100;

/**
 * Everything wrong with the outcome at `index`, paths from the outcome on: unknown fields, then one problem a field at most.
 * @param seen  the index of each prediction's outcome so far; gets this one's
 */
export function outcomeProblems(
  manifest: Manifest,
  item: unknown,
  index: number,
  seen: Map<string, number>,
): RequestProblem[] {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return [{ path: '', message: `is ${kindOf(item)}, wanted {"prediction_id", "actual", "observed_at"}` }];
  }
  const count = Object.keys(item).length;
  if (count > MOST_FIELDS) return [{ path: '', message: `has ${count} fields, wanted ${FIELDS.join(', ')}` }];
  const { unknown, misshapen } = shapeProblems(item);
  const sent = item as SentOutcome;
  const checks: Record<Field, () => string | undefined> = {
    prediction_id: () => wrongId(sent.prediction_id, index, seen),
    actual: () => wrongActual(manifest, sent.actual),
    observed_at: () => wrongTime(sent.observed_at),
  };
  const problems = FIELDS.flatMap((field) => {
    const message = misshapen.has(field) ? `is ${show(sent[field])}, wanted ${WANTED[field]}` : checks[field]();
    return message === undefined ? [] : [{ path: `/${field}`, message }];
  });
  return [...unknown, ...problems];
}

function shapeProblems(item: object): { unknown: RequestProblem[]; misshapen: Set<string> } {
  const unknown: RequestProblem[] = [];
  const misshapen = new Set<string>();
  if (isOutcome(item)) return { unknown, misshapen };
  for (const error of isOutcome.errors ?? []) {
    const params = error.params as { missingProperty?: string; additionalProperty?: string };
    if (params.additionalProperty === undefined) misshapen.add(params.missingProperty ?? error.instancePath.slice(1));
    else {
      const path = `/${escapePointer(params.additionalProperty.slice(0, 200))}`;
      unknown.push({ path, message: `is unknown; the fields are ${FIELDS.join(', ')}` });
    }
  }
  return { unknown, misshapen };
}

function wrongId(sent: string, index: number, seen: Map<string, number>): string | undefined {
  const id = sent.toLowerCase();
  if (!isId(id)) return `is ${show(sent)}, wanted ${WANTED.prediction_id}`;
  const before = seen.get(id);
  seen.set(id, index);
  return before === undefined ? undefined : `stands in /outcomes/${before} already; send each prediction once`;
}

function wrongActual(manifest: Manifest, actual: string | number): string | undefined {
  if (manifest.task === 'regression') {
    return typeof actual === 'number' ? undefined : `is ${show(actual)}, wanted a number`;
  }
  if (manifest.classes.includes(actual as string)) return undefined;
  return `is ${show(actual)}, wanted one of ${manifest.classes.map((name) => JSON.stringify(name)).join(', ')}`;
}

/** RFC 3339 has leap seconds, `Date` has not; outside the years 1 to 9999 a stored time could not be given back in its form. */
function wrongTime(sent: string): string | undefined {
  const year = new Date(sent).getUTCFullYear();
  if (year >= 1 && year <= 9_999) return undefined;
  return `is ${show(sent)}, wanted a time from the year 1 to 9999, with a second from 0 to 59`;
}
