import type { JsonSchema } from '../predict/instance-schema.js';
import { jsonBody } from './json-body.js';
import { problemResponses } from './problem-responses.js';

/** Name of the operation that shows a stored prediction. */
export const SHOW_PREDICTION = 'show-prediction';

/** The paths that are there whatever models are loaded. */
export function fixedPaths(): Record<string, object> {
  const parameter = (name: string): object => ({ name, in: 'path', required: true, schema: { type: 'string' } });
  const get = (summary: string, tag: string, response: object, more: object = {}, statuses: number[] = []): object => ({
    get: { summary, tags: [tag], ...more, responses: { 200: response, ...problemResponses(...statuses) } },
  });
  const json = (description: string, schema: JsonSchema = { type: 'object' }): object => ({
    description,
    ...jsonBody(schema),
  });
  return {
    '/v1/models': get('List the models', 'models', json('The champions'), {}, [503]),
    '/v1/models/{model}': get(
      'Describe a model',
      'models',
      json('Its features, classes and versions'),
      { parameters: [parameter('model')] },
      [404, 503],
    ),
    '/v1/predictions/{id}': get(
      'Show a stored prediction',
      'predictions',
      json('Features, answer and latest outcome'),
      { operationId: SHOW_PREDICTION, parameters: [parameter('id')] },
      [404, 410, 503],
    ),
    '/metrics': get('Metrics for Prometheus', 'operation', {
      description: 'Text exposition',
      content: { 'text/plain': { schema: { type: 'string' } } },
    }),
  };
}
