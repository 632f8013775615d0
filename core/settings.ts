import { readFileSync } from 'node:fs';
import { type Static, type TObject, type TSchema, Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import { closest } from './closest.js';
import { oneOf } from './one-of.js';
import { type Problem, ProblemsError } from './problems.js';

/** The environment, or any map of names to text. */
export type Environment = Record<string, string | undefined>;

/**
 * Reads a process's settings from the environment: one schema, every problem reported at once, the result frozen.
 * Keys of the schema are the names of the variables; an empty variable counts as not set. `NAME_FILE` names a file that
 * holds the value of NAME, as container platforms hand out secrets; a newline at its end is not part of it.
 * @param prefix  variables that start with it but are not in the schema are reported as misspelt
 * @throws ProblemsError  one line a variable: what is wrong and what is wanted
 */
export function loadSettings<T extends TObject>(
  schema: T,
  environment: Environment,
  prefix: string,
): Readonly<Static<T>> {
  const names = Object.keys(schema.properties);
  const problems: Problem[] = [];
  const settings: Record<string, unknown> = {};
  for (const name of names) {
    const value = environment[name] || readValueFile(name, environment, problems);
    if (value) settings[name] = value;
  }
  const validate = new Ajv({ allErrors: true, coerceTypes: true, useDefaults: true }).compile<Static<T>>(schema);
  const valid = validate(settings);
  for (const error of valid ? [] : (validate.errors ?? []))
    problems.push(describe(schema, error.instancePath.slice(1) || missing(error.params), environment));
  for (const name of Object.keys(environment)) {
    if (!name.startsWith(prefix) || names.includes(name.replace(/_FILE$/, ''))) continue;
    const guess = closest(name, names);
    problems.push({
      where: name,
      message: `is not a setting${guess ? `; did you mean ${guess}?` : `; the settings are ${names.join(', ')}`}`,
    });
  }
  if (!valid || problems.length > 0) throw new ProblemsError('settings', dedupe(problems));
  return Object.freeze(settings as Static<T>);
}

/** The content of the file that `NAME_FILE` names; undefined, with the problem on the list, when it cannot be read. */
function readValueFile(name: string, environment: Environment, problems: Problem[]): string | undefined {
  const path = environment[`${name}_FILE`];
  if (!path) return undefined;
  try {
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    if (text === '') problems.push({ where: name, message: `the file of ${name}_FILE, ${path}, is empty` });
    return text;
  } catch (error) {
    const message = `the file of ${name}_FILE cannot be read: ${(error as Error).message}`;
    problems.push({ where: name, message });
    return undefined;
  }
}

function missing(params: Record<string, unknown>): string {
  return String(params.missingProperty ?? '');
}

function describe(schema: TObject, name: string, environment: Environment): Problem {
  const field: TSchema | undefined = schema.properties[name];
  const value = environment[name] || environment[`${name}_FILE`];
  const what = field?.description ?? '';
  if (value === undefined || value === '') return { where: name, message: `is not set: ${what}` };
  // The value of a secret must not reach a log.
  const isSecret = /TOKEN|SECRET|PASSWORD|URL|KEY/.test(name) || !environment[name];
  const shown = isSecret ? 'its value' : `"${value}"`;
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
  // Why a file could not be read says more than that its setting is missing.
  return problems.filter((problem, i) => problems.findIndex((other) => other.where === problem.where) === i);
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
