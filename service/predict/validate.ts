import { Ajv, type ErrorObject } from 'ajv';
import { inSlices } from '../../core/in-slices.js';
import { concatBatches, encodeInstances, type FeatureBatch } from '../../core/inference/batch.js';
import type { Instance, Manifest } from '../../core/manifest/manifest.js';
import { type InvalidReason, InvalidRequestError, type RequestProblem } from '../errors.js';
import { describeProblem, escapePointer, kindOf } from './describe-problem.js';
import { createFindFlags, type Flag } from './flags.js';
import { instanceSchema } from './instance-schema.js';

/** A request that the model can answer. */
export interface ValidRequest {
  batch: FeatureBatch;
  /** The flags of each row that has any, at the row's index. */
  flags: (Flag[] | undefined)[];
}

/** Turns a request body into rows, a slice at a time. @throws InvalidRequestError with all problems at once */
export type Validate = (body: unknown) => Promise<ValidRequest>;

/** Problems listed in one answer at most; the rest are counted. */
const LISTED_PROBLEMS = 100;

/** Compiles the validation of a model's requests from its manifest. */
export function createValidate(manifest: Manifest, maxInstances: number): Validate {
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, ownProperties: true });
  for (const annotation of ['x-unit', 'x-range', 'x-categories']) ajv.addKeyword(annotation);
  const isInstance = ajv.compile<Instance>(instanceSchema(manifest));
  const findFlags = createFindFlags(manifest);
  return async (body) => {
    const instances = readInstances(body, maxInstances);
    const problems = createProblemList(manifest);
    const batches: FeatureBatch[] = [];
    const flags: (Flag[] | undefined)[] = [];
    await inSlices(instances.length, (start, end) => {
      for (let i = start; i < end; i++) if (!isInstance(instances[i])) problems.add(i, instances[i], isInstance.errors);
      if (problems.any()) return;
      const batch = encodeInstances(manifest, instances.slice(start, end) as Instance[]);
      findFlags(batch, flags, start);
      batches.push(batch);
    });
    problems.refuse();
    return { batch: concatBatches(batches), flags };
  };
}

/** Collects the problems of a request: the first hundred in words, of the rest the number. */
function createProblemList(manifest: Manifest) {
  const listed: RequestProblem[] = [];
  let more = 0;
  let reason: InvalidReason | undefined;
  return {
    any: () => reason !== undefined,
    add: (index: number, instance: unknown, errors: ErrorObject[] | null | undefined): void => {
      for (const error of errors ?? []) {
        if (listed.length === LISTED_PROBLEMS) {
          more++;
          continue;
        }
        const { path, message, reason: why } = describeProblem(manifest, error, index, instance);
        listed.push({ path, message });
        reason ??= why;
      }
    },
    refuse: (): void => {
      if (reason !== undefined) throw new InvalidRequestError(reason, listed, more);
    },
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
