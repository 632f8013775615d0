import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { oneOf } from '../one-of.js';
import { fromSchema, inputSchema } from './input-schema.js';
import { monitoringSchema } from './monitoring-schema.js';
import { retrainingLimitsSchema } from './retraining-limits.js';
import { trainingSchema } from './training-schema.js';

const closed = { additionalProperties: false } as const;

const featureCommon = {
  name: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'the key in a request, and the column in reference.csv',
  }),
  unit: Type.Optional(Type.String({ description: 'such as "g/l" or "USD"; shown in docs and reports' })),
  description: Type.Optional(Type.String({ description: 'one sentence for the API docs' })),
  missing: Type.Optional(
    Type.Boolean({ default: false, description: 'true: the value may be null or left out of a request' }),
  ),
  from: Type.Optional(fromSchema),
};

const numericFeature = Type.Object(
  {
    ...featureCommon,
    type: Type.Literal('numeric'),
    range: Type.Optional(
      Type.Tuple([Type.Number(), Type.Number()], { description: '[lowest, highest] plausible value, both included' }),
    ),
    outOfRange: Type.Optional(
      oneOf(['flag', 'reject'], {
        default: 'flag',
        description: 'flag: answer, and mark the answer; reject: refuse the request',
      }),
    ),
  },
  closed,
);

const categoricalFeature = Type.Object(
  {
    ...featureCommon,
    type: Type.Literal('categorical'),
    categories: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        uniqueItems: true,
        description: 'read off reference.csv when left out',
      }),
    ),
    unseen: Type.Optional(
      oneOf(['flag', 'reject'], {
        default: 'flag',
        description: 'what to do with a category that is not in the list',
      }),
    ),
  },
  closed,
);

const booleanFeature = Type.Object({ ...featureCommon, type: Type.Literal('boolean') }, closed);

/** One feature of a model, as written in `model.yaml`. */
export const featureSchema = Type.Unsafe<
  Static<typeof numericFeature> | Static<typeof categoricalFeature> | Static<typeof booleanFeature>
>({
  type: 'object',
  // With a discriminator only the problems of the written type are reported, not those of all three.
  discriminator: { propertyName: 'type' },
  required: ['type'],
  oneOf: [numericFeature, categoricalFeature, booleanFeature] satisfies TSchema[],
});

const onnxSchema = Type.Object(
  {
    input: Type.Optional(
      oneOf(['tensor', 'columns'], {
        description: 'tensor: one float tensor of all features in order; columns: one tensor a feature, named after it',
      }),
    ),
    label: Type.Optional(Type.String({ description: 'name of the output that holds the predicted class' })),
    probabilities: Type.Optional(Type.String({ description: 'name of the output of shape [rows, classes]' })),
    value: Type.Optional(Type.String({ description: 'name of the output of a regression' })),
  },
  closed,
);

const retrainingSchema = Type.Object(
  {
    command: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        description: 'program and arguments; the built-in trainer when left out',
      }),
    ),
    metric: Type.Optional(
      oneOf(['accuracy', 'log_loss', 'mae', 'rmse'], {
        description: 'what champion and challenger are compared by',
      }),
    ),
    minimumOutcomes: Type.Optional(Type.Integer({ minimum: 50, description: 'recent labelled rows needed to start' })),
    maximumRows: Type.Optional(Type.Integer({ minimum: 100, description: 'newest labelled rows used at most' })),
    minimumImprovement: Type.Optional(
      Type.Number({ minimum: 0, description: 'the lower end of the 95 % interval must lie above this to promote' }),
    ),
    cooldownMinutes: Type.Optional(Type.Number({ minimum: 0, description: 'no second retraining within this time' })),
    timeoutMinutes: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, description: 'the training command is ended after this' }),
    ),
    promotion: Type.Optional(oneOf(['automatic', 'manual'])),
    ...retrainingLimitsSchema,
  },
  closed,
);

/** What a person writes in `model.yaml`. Everything optional is inferred or has a default; see `resolveManifest`. */
export const manifestSchema = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
      description: 'lower-case letters, digits and dashes, at most 63; part of the URL',
    }),
    description: Type.Optional(Type.String()),
    task: oneOf(['binary', 'multiclass', 'regression']),
    target: Type.String({ minLength: 1, description: 'column of reference.csv that holds the truth' }),
    classes: Type.Optional(
      Type.Array(Type.String(), { minItems: 2, uniqueItems: true, description: 'in the order of the probabilities' }),
    ),
    positiveClass: Type.Optional(Type.String({ description: 'binary only; the last class when left out' })),
    decisionThreshold: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description: 'binary only; the positive class is answered from this probability on',
      }),
    ),
    inputs: Type.Optional(
      Type.Array(inputSchema, {
        minItems: 1,
        description:
          'raw fields of a request, where features are made of them; requests hold the features when left out',
      }),
    ),
    features: Type.Array(featureSchema, { minItems: 1, description: 'in the order of the ONNX input' }),
    onnx: Type.Optional(onnxSchema),
    monitoring: Type.Optional(monitoringSchema),
    retraining: Type.Optional(retrainingSchema),
    training: Type.Optional(trainingSchema),
  },
  closed,
);

/** The content of a `model.yaml` that passed `parseManifest`. */
export type ManifestSource = Static<typeof manifestSchema>;
/** One feature as written. */
export type FeatureSource = Static<typeof featureSchema>;
