import { Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import type { Alert } from '../../core/alerts/payload.js';
import { isUnstorable } from '../unstorable.js';
import { modelOf } from './model-of.js';
import { isNestedDeeper } from './nesting.js';

/** A body of Alertmanager has four levels; what is deeper cannot be written as JSON again without end. */
const MOST_LEVELS = 32;
/** Characters of what is looked up by: an index entry of Postgres is bounded, and Alertmanager's fingerprints have 16. */
const LONGEST_KEY = 256;

const texts = Type.Record(Type.String(), Type.String());
/** Only what is used; Alertmanager adds keys from one version to the next. */
const payloadSchema = Type.Object({
  version: Type.Literal('4'),
  alerts: Type.Array(
    Type.Object({
      status: Type.Union([Type.Literal('firing'), Type.Literal('resolved')]),
      labels: texts,
      annotations: Type.Optional(texts),
      startsAt: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$' }),
      endsAt: Type.Optional(Type.String()),
      generatorURL: Type.Optional(Type.String()),
      fingerprint: Type.String({ minLength: 1, maxLength: LONGEST_KEY }),
    }),
  ),
});
const validate = new Ajv({ allErrors: true }).compile<{ alerts: Alert[] }>(payloadSchema);

/** Thrown for a body that is not an Alertmanager v4 payload; `problems` lists every one. */
export class InvalidPayloadError extends Error {
  override readonly name = 'InvalidPayloadError';
  constructor(readonly problems: string[]) {
    super(`not an Alertmanager webhook body of version 4: ${problems.join('; ')}`);
  }
}

/** The alerts of a webhook body. Unknown keys are fine. @throws InvalidPayloadError */
export function parsePayload(body: unknown): Alert[] {
  if (isNestedDeeper(body, MOST_LEVELS)) {
    throw new InvalidPayloadError([`it is nested more than ${MOST_LEVELS} levels deep`]);
  }
  if (!validate(body)) {
    const problems = (validate.errors ?? [])
      .filter(({ keyword, instancePath }) => !(keyword === 'const' && instancePath.endsWith('/status')))
      .map((error) => describe(body, error.instancePath, error.keyword, error.message, error.params));
    throw new InvalidPayloadError([...new Set(problems)]);
  }
  // Postgres can store it neither as text nor in jsonb, and a 5xx would make Alertmanager send it for ever.
  if (isUnstorable(body)) throw new InvalidPayloadError(['it holds a NUL character or half of a surrogate pair']);
  const impossible = body.alerts.findIndex((alert) => Number.isNaN(Date.parse(alert.startsAt)));
  if (impossible !== -1) throw new InvalidPayloadError([`/alerts/${impossible}/startsAt is no date`]);
  const tooLong = body.alerts.findIndex((alert) => modelOf(alert).length > LONGEST_KEY);
  if (tooLong !== -1) {
    const { length } = modelOf(body.alerts[tooLong] as Alert);
    throw new InvalidPayloadError([
      `/alerts/${tooLong} names its model in ${length} characters, at most ${LONGEST_KEY}`,
    ]);
  }
  return body.alerts.map((alert) => ({ ...alert, annotations: alert.annotations ?? {} }));
}

function describe(
  body: unknown,
  path: string,
  keyword: string,
  message: string | undefined,
  params: Record<string, unknown>,
): string {
  const at = path === '' ? 'the body' : path;
  if (keyword === 'const') return `${at} is ${shown(body, path)}, wanted "${String(params.allowedValue)}"`;
  if (keyword === 'anyOf') return `${at} is ${shown(body, path)}, wanted "firing" or "resolved"`;
  if (keyword === 'pattern') return `${at} is ${shown(body, path)}, wanted an instant such as 2026-01-31T12:00:00Z`;
  return `${at} ${message ?? 'is not valid'}`;
}

function shown(body: unknown, path: string): string {
  let node = body;
  for (const step of path.split('/').slice(1)) node = (node as Record<string, unknown> | undefined)?.[step];
  return (JSON.stringify(node) ?? 'missing').slice(0, 60);
}
