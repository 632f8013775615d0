import type { InSlices } from '../../core/in-slices.js';
import { concatBatches, type FeatureBatch } from '../../core/inference/batch.js';
import { createFindFlags, type Flag } from '../../core/inference/flags.js';
import { sliceBatch } from '../../core/inference/infer-all.js';
import type { Manifest } from '../../core/manifest/manifest.js';
import { createFindUnusable } from '../../core/preparation/check-prepared.js';
import { createPrepare } from '../../core/preparation/prepare.js';
import { requestLayout } from '../../core/preparation/request-fields.js';
import { escapePointer } from './describe-problem.js';
import { createProblemList } from './problem-list.js';
import { createQuickRead, type QuickRead, type ValidRequest } from './quick-read.js';
import { createValidate, type Validate } from './validate.js';

/** Turns the body of a request into what the model is given. */
export interface RequestReader {
  /** The common small request, at once; undefined where `validate` is to decide. */
  readSmall: QuickRead['small'];
  validate: Validate;
}

/**
 * Prepares the reading of a model's requests. Where the manifest has inputs, they are checked as features are elsewhere, and the
 * features are then made of them; where it has none, nothing stands between a request and the readers of its features.
 */
export function createRequestReader(manifest: Manifest, maxInstances: number, eachSlice: InSlices): RequestReader {
  const layout = requestLayout(manifest);
  const quick = createQuickRead(layout, maxInstances);
  const validate = createValidate(layout, maxInstances, eachSlice, quick);
  if (!manifest.inputs) return { readSmall: quick.small, validate };
  const prepare = createPrepare(manifest);
  const findUnusable = createFindUnusable(manifest, true);
  const findFlags = createFindFlags(manifest);
  const flagRows = (batch: FeatureBatch, into: (Flag[] | undefined)[], start: number): void => {
    for (let row = 0; row < batch.rows; row++) {
      const found = findFlags(batch, row);
      if (found) into[start + row] = found;
    }
  };
  return {
    readSmall: (body) => {
      const inputs = quick.small(body)?.batch;
      if (!inputs) return undefined;
      const request: ValidRequest = { batch: prepare(inputs), inputs, flags: [] };
      for (let row = 0; row < inputs.rows; row++) if (findUnusable(request.batch, row).length > 0) return undefined;
      flagRows(request.batch, request.flags, 0);
      return request;
    },
    validate: async (body) => {
      const { batch: inputs } = await validate(body);
      const problems = createProblemList();
      const batches: FeatureBatch[] = [];
      const flags: (Flag[] | undefined)[] = [];
      await eachSlice(inputs.rows, (start, end) => {
        const batch = prepare(sliceBatch(layout, inputs, start, end));
        for (let row = 0; row < batch.rows; row++) {
          for (const { input, message, reason } of findUnusable(batch, row)) {
            const path = `/instances/${start + row}/${escapePointer(input)}`;
            problems.add(() => ({ path, message, reason }));
          }
        }
        flagRows(batch, flags, start);
        batches.push(batch);
      });
      problems.refuse();
      return { batch: concatBatches(batches), inputs, flags };
    },
  };
}
