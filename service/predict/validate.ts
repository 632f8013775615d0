import { Ajv } from 'ajv';
import { type InSlices, inSlices } from '../../core/in-slices.js';
import { concatBatches, encodeInstances, type FeatureBatch } from '../../core/inference/batch.js';
import { createFindFlags, type Flag } from '../../core/inference/flags.js';
import type { Instance, Manifest } from '../../core/manifest/manifest.js';
import { describeProblem } from './describe-problem.js';
import { FORMATS, instanceSchema } from './instance-schema.js';
import { createProblemList, type ReasonedProblem } from './problem-list.js';
import { createQuickRead, type ValidRequest } from './quick-read.js';
import { readInstances } from './read-instances.js';

/** Turns a request body into rows, a slice at a time. @throws InvalidRequestError with all problems at once */
export type Validate = (body: unknown) => Promise<ValidRequest>;

/** With this many fields more than it has features, an instance is refused as a whole: finding and describing each would hold up others. */
const MOST_UNKNOWN_FIELDS = 100;

/**
 * Prepares the validation of a model's requests from its manifest. A body that the quick reader takes is done with it;
 * for any other the schema says what is wrong, or takes what the quick reader was not sure of.
 */
export function createValidate(
  manifest: Manifest,
  maxInstances: number,
  eachSlice: InSlices = inSlices,
  quick = createQuickRead(manifest, maxInstances),
): Validate {
  const check = createCheck(manifest, maxInstances, eachSlice);
  return async (body) => {
    const instances = quick.instancesOf(body);
    if (!instances) return check(body);
    const request = quick.prepare(instances.length);
    let valid = true;
    await eachSlice(instances.length, (start, end) => {
      valid &&= quick.read(instances, start, end, request);
    });
    return valid ? request : check(body);
  };
}

/** Compiles the schema of an instance, and lists every problem of a body. */
function createCheck(manifest: Manifest, maxInstances: number, eachSlice: InSlices): Validate {
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, ownProperties: true });
  for (const annotation of ['x-unit', 'x-range', 'x-categories']) ajv.addKeyword(annotation);
  for (const [name, format] of Object.entries(FORMATS)) ajv.addFormat(name, format);
  const isInstance = ajv.compile<Instance>(instanceSchema(manifest));
  const findFlags = createFindFlags(manifest);
  const most = manifest.features.length + MOST_UNKNOWN_FIELDS;
  return async (body) => {
    const problems = createProblemList();
    const instances = readInstances(body, maxInstances, problems);
    const check = (instance: unknown, index: number): void => {
      const fields = countFields(instance);
      if (fields > most) problems.add(() => tooManyFields(manifest, index, fields));
      else if (!isInstance(instance)) describeAll(instance, index);
    };
    const describeAll = (instance: unknown, index: number): void => {
      for (const error of isInstance.errors ?? []) {
        problems.add(() => describeProblem(manifest, error, index, instance));
      }
    };
    const batches: FeatureBatch[] = [];
    const flags: (Flag[] | undefined)[] = [];
    await eachSlice(instances.length, (start, end) => {
      for (let i = start; i < end; i++) check(instances[i], i);
      if (problems.any()) return;
      const batch = encodeInstances(manifest, instances.slice(start, end) as Instance[]);
      for (let row = 0; row < batch.rows; row++) {
        const found = findFlags(batch, row);
        if (found) flags[start + row] = found;
      }
      batches.push(batch);
    });
    problems.refuse();
    return { batch: concatBatches(batches), flags };
  };
}

function countFields(instance: unknown): number {
  return typeof instance === 'object' && instance !== null && !Array.isArray(instance)
    ? Object.keys(instance).length
    : 0;
}

function tooManyFields(manifest: Manifest, index: number, fields: number): ReasonedProblem {
  const message = `has ${fields} fields, wanted the ${manifest.features.length} features of this model`;
  return { path: `/instances/${index}`, message, reason: 'unknown_field' };
}
