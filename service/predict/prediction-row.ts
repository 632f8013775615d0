import { inSlices } from '../../core/in-slices.js';
import type { FeatureBatch } from '../../core/inference/batch.js';
import type { CopyValue } from '../../core/postgres/copy.js';
import { idMilliseconds } from '../new-id.js';
import type { Answer } from './answer.js';
import type { Flag } from './flags.js';

/** A row for COPY, its prediction id first, in the order of `PREDICTION_COLUMNS`. */
export type PredictionRow = [id: string, requestedAt: string, ...rest: CopyValue[]];

/** The columns of a `PredictionRow`. */
export const PREDICTION_COLUMNS =
  'prediction_id, requested_at, numeric_features, categorical_features, out_of_range, label, scores, value, latency_us, request_id, trace_id';

/** What is stored of one request. */
export interface Captured {
  ids: string[];
  batch: FeatureBatch;
  flags: (Flag[] | undefined)[];
  answer: Answer;
  latencyUs: number;
  requestId: string;
  traceId: string | null;
}

/** The rows of a request, one an instance, made a slice at a time; `requested_at` is the millisecond in the row's id. */
export async function predictionRows(captured: Captured): Promise<PredictionRow[]> {
  const { ids, batch, flags, answer, latencyUs, requestId, traceId } = captured;
  const numbers = batch.numeric.length / batch.rows;
  const texts = batch.categorical.length / batch.rows;
  const classes = (answer.probabilities?.length ?? 0) / batch.rows;
  const toRow = (row: number): PredictionRow => [
    ids[row]!,
    new Date(idMilliseconds(ids[row]!)).toISOString(),
    numbersOrNull(batch.numeric, row * numbers, (row + 1) * numbers),
    batch.categorical.slice(row * texts, (row + 1) * texts),
    flags[row]?.map((flag) => flag.feature) ?? [],
    answer.labels?.[row] ?? null,
    answer.probabilities ? numbersOrNull(answer.probabilities, row * classes, (row + 1) * classes) : null,
    answer.values?.[row] ?? null,
    latencyUs,
    requestId,
    traceId,
  ];
  const rows: PredictionRow[] = [];
  await inSlices(batch.rows, (start, end) => {
    for (let row = start; row < end; row++) rows.push(toRow(row));
  });
  return rows;
}

/** Numbers [start, end) as an array, null for NaN. */
function numbersOrNull(from: Float64Array | Float32Array, start: number, end: number): (number | null)[] {
  const numbers: (number | null)[] = [];
  for (let i = start; i < end; i++) numbers.push(Number.isNaN(from[i]) ? null : from[i]!);
  return numbers;
}
