import { fitCandidate } from './fit-candidate.js';
import type { Model } from './model.js';
import { exportOnnx } from './onnx/export-onnx.js';
import { DEFAULT_PARAMETERS } from './parameters.js';
import type { Subject } from './prepare.js';
import type { FoldRunner } from './search/fold-runner.js';
import { createFoldContext, type FoldSettings } from './search/fold-work.js';
import { type SearchOptions, type SearchResult, search } from './search/search.js';

/** What to search, and by what. */
export interface SearchInput
  extends Pick<SearchOptions, 'trials' | 'families' | 'featureSearch' | 'isOver' | 'onTrial'> {
  readonly subject: Subject;
  readonly settings: Omit<FoldSettings, 'subject'>;
  readonly createRunner: (settings: FoldSettings) => FoldRunner;
}

/** The best model found, refitted, with its evidence. */
export interface Found extends SearchResult {
  readonly model: Model;
  /** Iterations of the model returned. */
  readonly iterations: number;
  readonly onnx: Uint8Array;
  /** By feature: its share of what the model has learned, see `Fit.shares`. */
  readonly shares: readonly number[];
}

/**
 * Searches for the best candidate by cross-validation, then fits it to all rows, boosting by the mean of the folds' iterations
 * times `refitFactor`.
 * @throws RangeError  the dataset, the classes or the metric are not usable; the message says which and why
 */
export async function trainBySearch(input: SearchInput): Promise<Found> {
  const settings = { ...input.settings, subject: input.subject };
  const context = createFoldContext(settings);
  const runner = input.createRunner(settings);
  try {
    const found = await search({ ...input, context, runner });
    const { prepared } = context;
    const { candidate, iterations } = found.best;
    const final = fitCandidate(prepared, {
      candidate,
      rows: prepared.rows,
      heldOut: new Int32Array(0),
      seed: settings.seed,
      iterations: Math.max(1, Math.round(iterations * DEFAULT_PARAMETERS.refitFactor)),
    });
    const { model, shares } = final;
    return { ...found, model, shares, iterations: final.iterations, onnx: exportOnnx(model) };
  } finally {
    await runner.close();
  }
}
