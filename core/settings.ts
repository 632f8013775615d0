import { type Static, type TObject, type TSchema, Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import { closest } from './closest.js';
import { oneOf } from './one-of.js';
import { type Problem, ProblemsError } from './problems.js';

/** The environment, or any map of names to text. */
export type Environment = Record<string, string | undefined>;

/**
 * Reads a process's settings from the environment: one schema, every problem reported at once, the result frozen.
 * Keys of the schema are the names of the variables; an empty variable counts as not set.
 * @param prefix  variables that start with it but are not in the schema are reported as misspelt
 * @throws ProblemsError  one line a variable: what is wrong and what is wanted
 */
export function loadSettings<T extends TObject>(
  schema: T,
  environment: Environment,
  prefix: string,
): Readonly<Static<T>> {
  const names = Object.keys(schema.properties);
  const present = Object.entries(environment).filter(
    ([name, value]) => names.includes(name) && value !== '' && value !== undefined,
  );
  const settings: Record<string, unknown> = Object.fromEntries(present);
  const validate = new Ajv({ allErrors: true, coerceTypes: true, useDefaults: true }).compile<Static<T>>(schema);
  const valid = validate(settings);
  const problems: Problem[] = valid
    ? []
    : (validate.errors ?? []).map((e) => describe(schema, e.instancePath.slice(1) || missing(e.params), environment));
  for (const name of Object.keys(environment)) {
    if (!name.startsWith(prefix) || names.includes(name)) continue;
    const guess = closest(name, names);
    problems.push({
      where: name,
      message: `is not a setting${guess ? `; did you mean ${guess}?` : `; the settings are ${names.join(', ')}`}`,
    });
  }
  if (!valid || problems.length > 0) throw new ProblemsError('settings', dedupe(problems));
  return Object.freeze(settings as Static<T>);
}

function missing(params: Record<string, unknown>): string {
  return String(params.missingProperty ?? '');
}

function describe(schema: TObject, name: string, environment: Environment): Problem {
  const field: TSchema | undefined = schema.properties[name];
  const value = environment[name];
  const what = field?.description ?? '';
  if (value === undefined || value === '') return { where: name, message: `is not set: ${what}` };
  // The value of a secret must not reach a log.
  const shown = /TOKEN|SECRET|PASSWORD|URL/.test(name) ? 'its value' : `"${value}"`;
  return { where: name, message: `${shown} is not valid, wanted ${wanted(field)}: ${what}` };
}

function wanted(field: TSchema | undefined): string {
  if (!field) return 'another value';
  if (Array.isArray(field.enum)) return field.enum.join(' or ');
  const bounds = [
    field.minimum !== undefined && `at least ${field.minimum}`,
    field.maximum !== undefined && `at most ${field.maximum}`,
  ];
  const parts = [String(field.type), ...bounds.filter(Boolean), field.pattern && `matching ${field.pattern}`];
  return parts.filter(Boolean).join(', ');
}

function dedupe(problems: Problem[]): Problem[] {
  return [...new Map(problems.map((p) => [p.where, p])).values()];
}

/** Settings that every process has. */
export const commonSettings = {
  DATABASE_URL: Type.String({
    minLength: 1,
    description: 'Postgres connection string, such as postgres://user@host:5432/plumbline',
  }),
  LOG_LEVEL: oneOf(['debug', 'info', 'warn', 'error', 'silent'], {
    default: 'info',
    description: 'least level of log lines that are written',
  }),
};

/** A port and the address to listen on; loopback unless told otherwise. */
export function listenSettings<P extends string>(
  prefix: P,
  port: number,
): Record<`${P}_PORT`, ReturnType<typeof Type.Integer>> & Record<`${P}_HOST`, ReturnType<typeof Type.String>> {
  return {
    [`${prefix}_PORT`]: Type.Integer({
      minimum: 0,
      maximum: 65_535,
      default: port,
      description: 'port to listen on; 0 picks a free one',
    }),
    [`${prefix}_HOST`]: Type.String({ minLength: 1, default: '127.0.0.1', description: 'address to listen on' }),
  } as Record<`${P}_PORT`, ReturnType<typeof Type.Integer>> & Record<`${P}_HOST`, ReturnType<typeof Type.String>>;
}
