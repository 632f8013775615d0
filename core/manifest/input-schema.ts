import { type Static, Type } from '@sinclair/typebox';
import { oneOf } from '../one-of.js';

const closed = { additionalProperties: false } as const;

/** One raw field of a request, as written under `inputs`. */
export const inputSchema = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'the key in a request, and the column in reference.csv',
    }),
    type: oneOf(['numeric', 'text', 'boolean', 'timestamp']),
    unit: Type.Optional(Type.String({ description: 'such as "USD"; shown in docs' })),
    description: Type.Optional(Type.String({ description: 'one sentence for the API docs' })),
    missing: Type.Optional(
      Type.Boolean({ default: false, description: 'true: the value may be null or left out of a request' }),
    ),
    example: Type.Optional(
      Type.Union([Type.Number(), Type.String(), Type.Boolean()], {
        description: 'a plausible value for the API docs; the usual one of reference.csv when left out',
      }),
    ),
  },
  closed,
);

const input = Type.Optional(Type.String({ minLength: 1 }));
const twoInputs = Type.Optional(Type.Tuple([Type.String({ minLength: 1 }), Type.String({ minLength: 1 })]));

/** How a feature is made, as written under `from`: one step with the names of its inputs. */
export const fromSchema = Type.Object(
  {
    input,
    words: input,
    characters: input,
    hours: twoInputs,
    days: twoInputs,
    part: Type.Optional(oneOf(['hour', 'weekday', 'month', 'year'])),
    equals: Type.Optional(Type.String()),
    of: input,
    ratio: twoInputs,
    log1p: input,
    minusMedian: input,
    by: input,
  },
  { ...closed, minProperties: 1, maxProperties: 2, description: 'write one step, such as {words: name}' },
);

/** An input as written. */
export type InputSource = Static<typeof inputSchema>;
/** A step as written. */
export type FromSource = Static<typeof fromSchema>;
