import { Ajv } from 'ajv';
import { encodeInstances, type FeatureBatch } from '../../core/inference/batch.js';
import type { Instance, Manifest } from '../../core/manifest/manifest.js';
import { type InvalidReason, InvalidRequestError, type RequestProblem } from '../errors.js';
import { describeProblem, escapePointer, kindOf } from './describe-problem.js';
import { createFlagger, type Flag } from './flags.js';
import { instanceSchema } from './instance-schema.js';

/** A request that the model can answer. */
export interface ValidRequest {
  batch: FeatureBatch;
  /** The flags of each row that has any, at the row's index. */
  flags: (Flag[] | undefined)[];
}

/** Turns a request body into rows. @throws InvalidRequestError with all problems at once */
export type Validate = (body: unknown) => ValidRequest;

/** Problems listed in one answer at most; the rest are counted. */
const LISTED_PROBLEMS = 100;

/** Compiles the validation of a model's requests from its manifest. */
export function createValidate(manifest: Manifest, maxInstances: number): Validate {
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, ownProperties: true });
  for (const annotation of ['x-unit', 'x-range', 'x-categories']) ajv.addKeyword(annotation);
  const isInstance = ajv.compile<Instance>(instanceSchema(manifest));
  const flagsOf = createFlagger(manifest);
  return (body) => {
    const instances = readInstances(body, maxInstances);
    const problems: RequestProblem[] = [];
    let more = 0;
    let reason: InvalidReason | undefined;
    for (let i = 0; i < instances.length; i++) {
      if (isInstance(instances[i])) continue;
      for (const error of isInstance.errors ?? []) {
        if (problems.length === LISTED_PROBLEMS) {
          more++;
          continue;
        }
        const { path, message, reason: why } = describeProblem(manifest, error, i, instances[i]);
        problems.push({ path, message });
        reason ??= why;
      }
    }
    if (reason !== undefined) throw new InvalidRequestError(reason, problems, more);
    const batch = encodeInstances(manifest, instances as Instance[]);
    return { batch, flags: flagsOf(batch) };
  };
}

/** The `instances` of a body, checked for everything but their content. */
function readInstances(body: unknown, maxInstances: number): unknown[] {
  const refuse = (...errors: RequestProblem[]): never => {
    throw new InvalidRequestError('wrong_shape', errors);
  };
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return refuse({ path: '', message: `is ${kindOf(body)}, wanted an object {"instances": [...]}` });
  }
  const problems: RequestProblem[] = [];
  for (const key of Object.keys(body)) {
    if (key === 'instances') continue;
    const shown = key.slice(0, 200);
    problems.push({ path: `/${escapePointer(shown)}`, message: 'is unknown; the body has the one field "instances"' });
    if (problems.length === LISTED_PROBLEMS) break;
  }
  const { instances } = body as { instances?: unknown };
  if (!Array.isArray(instances)) {
    problems.push({ path: '/instances', message: `is ${kindOf(instances)}, wanted an array of objects` });
  } else if (instances.length === 0) {
    problems.push({ path: '/instances', message: 'is empty, wanted at least one instance' });
  } else if (instances.length > maxInstances) {
    problems.push({
      path: '/instances',
      message: `holds ${instances.length} instances, wanted ${maxInstances} at most`,
    });
  }
  return problems.length > 0 ? refuse(...problems) : (instances as unknown[]);
}
