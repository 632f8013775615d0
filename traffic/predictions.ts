import { Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';

/** The part of an answer to a predict request that the simulator reads. */
export interface PredictAnswer {
  predictions: { id: string }[];
  model: { name: string; version: number | string };
}

const isAnswer = new Ajv({ allowUnionTypes: true }).compile<PredictAnswer>(
  Type.Object({
    predictions: Type.Array(Type.Object({ id: Type.String({ minLength: 1 }) })),
    model: Type.Object({ name: Type.String(), version: Type.Union([Type.Number(), Type.String()]) }),
  }),
);

/** Reads the body of a 2xx answer; undefined unless it holds one prediction with an id for each of `rows`. */
export function parsePredictAnswer(body: unknown, rows: number): PredictAnswer | undefined {
  return isAnswer(body) && body.predictions.length === rows ? body : undefined;
}
