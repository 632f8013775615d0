import type { ServingModel } from '../models/serving-model.js';
import { outcomesSchema } from '../outcomes/validate-outcomes.js';
import { instanceSchema, type JsonSchema } from '../predict/instance-schema.js';
import { SHOW_PREDICTION } from './fixed-paths.js';
import { jsonBody } from './json-body.js';
import { problemResponses } from './problem-responses.js';
import { sourceHeader } from './source-header.js';
import { timeoutHeader } from './timeout-header.js';

/** The paths of one model: predictions and outcomes, with the schemas that its manifest gives. */
export function modelPaths(model: ServingModel): Record<string, object> {
  const { name, manifest, layout, example } = model;
  const tags = [name];
  const request = {
    type: 'object',
    properties: { instances: { type: 'array', minItems: 1, items: instanceSchema(layout) } },
    required: ['instances'],
    additionalProperties: false,
  };
  return {
    [`/v1/models/${name}/predict`]: {
      post: {
        operationId: `predict-${name}`,
        summary: `Predict ${manifest.target}`,
        ...(manifest.description !== undefined && { description: manifest.description }),
        tags,
        parameters: [timeoutHeader, sourceHeader],
        requestBody: { required: true, ...jsonBody(request, { instances: [example] }) },
        responses: {
          200: {
            description: 'A prediction for each instance, stored before it was answered',
            ...jsonBody(answerSchema(model), model.exampleAnswer),
            links: {
              stored: {
                operationId: SHOW_PREDICTION,
                description: 'What is stored of the first prediction',
                parameters: { id: '$response.body#/predictions/0/id' },
              },
            },
          },
          ...problemResponses(400, 404, 413, 503),
        },
      },
    },
    [`/v1/models/${name}/outcomes`]: {
      post: {
        operationId: `outcomes-${name}`,
        summary: `Tell the true ${manifest.target} of earlier predictions`,
        tags,
        requestBody: { required: true, ...jsonBody(outcomesSchema(manifest), exampleOutcomes(model)) },
        responses: {
          200: { description: 'What became of them', ...jsonBody({ $ref: '#/components/schemas/OutcomeCounts' }) },
          ...problemResponses(400, 404, 413, 503),
        },
      },
    },
  };
}

/** That the example's prediction turned out to be right. */
function exampleOutcomes({ exampleAnswer }: ServingModel): object | undefined {
  if (exampleAnswer === undefined) return undefined;
  const { predictions } = exampleAnswer as { predictions: { id: string; label?: string; value?: number }[] };
  return {
    outcomes: predictions.map(({ id, label, value }) => ({
      prediction_id: id,
      actual: label ?? value,
      observed_at: '2026-01-31T12:00:00Z',
    })),
  };
}

function answerSchema({ manifest, name, version }: ServingModel): JsonSchema {
  const { classes } = manifest;
  const probability = { type: 'number', minimum: 0, maximum: 1 };
  const answer: Record<string, JsonSchema> =
    manifest.task === 'regression'
      ? { value: { type: 'number', description: `the predicted ${manifest.target}` } }
      : {
          label: { type: 'string', enum: classes, description: `the predicted ${manifest.target}` },
          ...(manifest.onnx.probabilities !== undefined && {
            probabilities: {
              type: 'object',
              properties: Object.fromEntries(classes.map((c) => [c, probability])),
              required: classes,
              additionalProperties: false,
            },
          }),
        };
  const prediction = {
    type: 'object',
    properties: {
      id: { type: 'string', format: 'uuid' },
      ...answer,
      flags: { type: 'array', items: { $ref: '#/components/schemas/Flag' } },
    },
    required: ['id', ...Object.keys(answer)],
    additionalProperties: false,
  };
  return {
    type: 'object',
    properties: {
      predictions: { type: 'array', items: prediction },
      model: { $ref: '#/components/schemas/ModelVersion', examples: [{ name, version }] },
    },
    required: ['predictions', 'model'],
    additionalProperties: false,
  };
}
