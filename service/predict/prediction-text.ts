import type { FeatureBatch } from '../../core/inference/batch.js';
import { escapeText, quoteElement } from '../../core/postgres/copy.js';
import { idMilliseconds } from '../new-id.js';
import { type Answer, scoresText } from './answer.js';
import type { Flag } from './flags.js';
import { numberText } from './number-text.js';

/** The columns of a line of `predictionText`; the shipper adds `batch_id`. */
export const PREDICTION_COLUMNS =
  'prediction_id, requested_at, numeric_features, categorical_features, out_of_range, label, scores, value, error_class, latency_us, request_id, trace_id, model_name, model_version, source';

/** What is stored of one request. */
export interface Captured {
  ids: string[];
  batch: FeatureBatch;
  flags: (Flag[] | undefined)[];
  /** The answer, or the class of the error that the model failed with. */
  answer: Answer | { errorClass: string };
  latencyUs: number;
  requestId: string;
  traceId: string | null;
}

const NULL = '\\N';

/** Writes rows [start, end) of a request as COPY text, a line an instance. */
export type WriteRows = (captured: Captured, start: number, end: number) => string;

/**
 * Prepares the writing of rows. `requested_at` is the millisecond in the row's id. Written out field by field, and the
 * text of a millisecond kept for those that follow: this is a part of the cost of every request.
 * @param source  the last three fields, the same in every row: model name, version and where rows come from
 */
export function createWriteRows(source: string): WriteRows {
  let lastMs = -1;
  let time = '';
  const timeOf = (id: string): string => {
    const ms = idMilliseconds(id);
    if (ms !== lastMs) {
      lastMs = ms;
      time = new Date(ms).toISOString();
    }
    return time;
  };
  return (captured, start, end) => {
    const { ids, batch, flags, latencyUs, requestId, traceId } = captured;
    const answer: Answer = 'errorClass' in captured.answer ? { rows: batch.rows } : captured.answer;
    const errorClass = 'errorClass' in captured.answer ? escapeText(captured.answer.errorClass) : NULL;
    const numbers = batch.numeric.length / batch.rows;
    const texts = batch.categorical.length / batch.rows;
    const tail = `\t${errorClass}\t${latencyUs}\t${escapeText(requestId)}\t${traceId ?? NULL}\t${source}\n`;
    let text = '';
    for (let row = start; row < end; row++) {
      const id = ids[row]!;
      text += `${id}\t${timeOf(id)}\t`;
      text += `{${numberText(batch.numeric, row * numbers, (row + 1) * numbers)}}\t`;
      text += `${textArray(batch.categorical, row * texts, (row + 1) * texts)}\t${flagArray(flags[row])}\t`;
      text += answer.labels ? escapeText(answer.labels[row]!) : NULL;
      text += '\t';
      text += answer.probabilities ? `{${scoresText(answer, row)}}` : NULL;
      text += `\t${answer.values ? answer.values[row]! : NULL}${tail}`;
    }
    return text;
  };
}

function textArray(from: (string | null)[], start: number, end: number): string {
  if (start === end) return '{}';
  const elements: string[] = [];
  for (let i = start; i < end; i++) elements.push(from[i] === null ? 'NULL' : quoteElement(from[i]!));
  return escapeText(`{${elements.join(',')}}`);
}

function flagArray(flags: Flag[] | undefined): string {
  return flags ? escapeText(`{${flags.map((flag) => quoteElement(flag.feature)).join(',')}}`) : '{}';
}
