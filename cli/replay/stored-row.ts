import { validate as isUuid } from 'uuid';
import type { StoredFeatures } from '../../core/inference/stored-rows.js';
import { describeDropped, loadKeptFrom } from '../../core/postgres/kept-from.js';
import type { Queryable } from '../../core/postgres/pool.js';
import type { Answer } from './answer.js';

/** A stored prediction, as far as it takes to run it again. */
export interface StoredRow extends StoredFeatures {
  modelName: string;
  modelVersion: number;
  requestedAt: Date;
  traceId: string | null;
  /** Raw inputs as stored; null of a model without. */
  inputs: (string | null)[] | null;
  answer: Answer;
}

/** Reads a prediction by its id. @throws Error when there is none */
export async function loadStoredRow(db: Queryable, id: string): Promise<StoredRow> {
  if (!isUuid(id))
    throw new Error(`"${id}" is not the id of a prediction; ids are as in the answers of the service`, { cause: id });
  const { rows } = await db.query(
    `select model_name as "modelName", model_version as "modelVersion", requested_at as "requestedAt", trace_id as "traceId",
            numeric_features as numeric, categorical_features as categorical, raw_inputs as inputs, label, scores, value, error_class as "errorClass"
       from predictions where prediction_id = $1`,
    [id],
  );
  const [row] = rows;
  if (!row) {
    const keptFrom = await loadKeptFrom(db);
    const { rows: times } = await db.query<{ at: Date }>('select prediction_time($1) as at', [id]);
    const advice =
      keptFrom && times[0]!.at < keptFrom
        ? describeDropped(keptFrom)
        : 'one that was answered a moment ago may not be in Postgres yet';
    throw new Error(`no prediction ${id} is stored; ${advice}`, { cause: id });
  }
  const { label, scores, value, errorClass, ...rest } = row;
  return { ...rest, answer: readAnswer({ label, scores, value, errorClass }) };
}

/** Postgres prints a real in its shortest form; rounding to float32 again gives the very number that was answered. */
function readAnswer(row: {
  label: string | null;
  scores: number[] | null;
  value: number | null;
  errorClass: string | null;
}): Answer {
  const { label, scores, value, errorClass } = row;
  if (errorClass !== null) return { errorClass };
  return {
    ...(label !== null && { label }),
    ...(scores !== null && { scores: scores.map(Math.fround) }),
    ...(value !== null && { value: Math.fround(value) }),
  };
}
