import type { InSlices } from '../../core/in-slices.js';
import type { FeatureBatch } from '../../core/inference/batch.js';
import type { Flag } from '../../core/inference/flags.js';
import { createTupleWriter } from '../../core/postgres/tuple-writer.js';
import type { WriteInputs } from '../../core/preparation/stored-inputs.js';
import type { NewRecord } from '../../core/spool/record.js';
import type { Answer } from './answer.js';

/** The columns of a tuple of `encodePredictions`; the shipper gives `batch_id`. */
export const PREDICTION_COLUMNS =
  'prediction_id, requested_at, numeric_features, categorical_features, out_of_range, label, scores, value, error_class, latency_us, request_id, trace_id, raw_inputs, model_name, model_version, source';
const FIELDS = PREDICTION_COLUMNS.split(', ').length;

/** What is stored of one request. */
export interface Captured {
  ids: string[];
  batch: FeatureBatch;
  /** The raw inputs that the batch was made of; absent where the request held the features. */
  inputs?: FeatureBatch | undefined;
  flags: (Flag[] | undefined)[];
  /** The answer, or the class of the error that the model failed with. */
  answer: Answer | { errorClass: string };
  latencyUs: number;
  requestId: string;
  traceId: string | null;
}

/** The rows of a request as tuples of COPY in binary format, and the earliest and latest of the times in their ids. */
export type EncodedPredictions = Pick<NewRecord, 'tuples' | 'firstMs' | 'lastMs'>;

/** Some of the rows of a request. */
export type EncodedRows = EncodedPredictions & { rows: number };

/** Encodes what is stored of a request. */
export interface EncodePredictions {
  /** All rows at once: for few. */
  small(captured: Captured): EncodedPredictions;
  /** The same a slice at a time: the rows of each slice by themselves. */
  large(captured: Captured): Promise<EncodedRows[]>;
}

/**
 * Makes the encoder for one model version. `requested_at` is the millisecond in the row's id.
 * @param writeInputs  for a model with raw inputs
 */
export function createEncodePredictions(
  modelName: string,
  modelVersion: number,
  eachSlice: InSlices,
  writeInputs?: WriteInputs,
): EncodePredictions {
  const writer = createTupleWriter();
  if (!writeInputs) writer.null();
  writer.text(modelName);
  writer.integer(modelVersion);
  writer.text('live');
  const source = writer.take();

  const writeRow = (captured: Captured, row: number): number => {
    const { ids, batch, flags, latencyUs, requestId, traceId } = captured;
    const answer: Partial<Answer> = 'errorClass' in captured.answer ? {} : captured.answer;
    const errorClass = 'errorClass' in captured.answer ? captured.answer.errorClass : null;
    const numbers = batch.numeric.length / batch.rows;
    const texts = batch.categorical.length / batch.rows;
    const classes = (answer.probabilities?.length ?? 0) / batch.rows;
    writer.tuple(FIELDS);
    const ms = writer.uuid(ids[row]!);
    writer.timestamp(ms);
    writer.doubles(batch.numeric, row * numbers, (row + 1) * numbers);
    writer.texts(batch.categorical, row * texts, (row + 1) * texts);
    const outOfRange = flags[row]?.map((flag) => flag.feature) ?? NONE;
    writer.texts(outOfRange, 0, outOfRange.length);
    writer.text(answer.labels?.[row] ?? null);
    if (answer.probabilities) writer.reals(answer.probabilities, row * classes, (row + 1) * classes);
    else writer.null();
    if (answer.values) writer.real(answer.values[row]!);
    else writer.null();
    writer.text(errorClass);
    writer.integer(latencyUs);
    writer.text(requestId);
    writer.text(traceId);
    if (writeInputs) writeInputTexts(writeInputs, captured.inputs, row);
    writer.raw(source);
    return ms;
  };
  const writeInputTexts = (write: WriteInputs, inputs: FeatureBatch | undefined, row: number): void => {
    const texts = inputs && write(inputs, row);
    if (texts) writer.texts(texts, 0, texts.length);
    else writer.null();
  };
  const encode = (captured: Captured, start: number, end: number): EncodedPredictions => {
    let firstMs = Number.POSITIVE_INFINITY;
    let lastMs = 0;
    for (let row = start; row < end; row++) {
      const ms = writeRow(captured, row);
      firstMs = Math.min(firstMs, ms);
      lastMs = Math.max(lastMs, ms);
    }
    return { tuples: writer.take(), firstMs, lastMs };
  };
  return {
    small: (captured) => encode(captured, 0, captured.batch.rows),
    large: async (captured) => {
      const slices: EncodedRows[] = [];
      await eachSlice(captured.batch.rows, (start, end) => {
        slices.push({ ...encode(captured, start, end), rows: end - start });
      });
      return slices;
    },
  };
}

const NONE: string[] = [];
