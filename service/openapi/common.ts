import type { JsonSchema } from '../predict/instance-schema.js';

/** Content of a JSON body with its schema and, where given, an example. */
export function jsonBody(schema: object, example?: unknown): { content: object } {
  return { content: { 'application/json': { schema, ...(example !== undefined && { example }) } } };
}

const PROBLEMS: Record<number, string> = {
  400: 'The body is not what is asked for; `errors` lists every problem with its path',
  404: 'There is no such thing',
  413: 'The body is too large',
  503: 'Not possible now; Retry-After says when to try again',
};

/** Responses for these statuses, all of them problems (RFC 9457). */
export function problemResponses(...statuses: number[]): Record<number, object> {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(statuses.map((status) => [status, { description: PROBLEMS[status], content }]));
}

/** The paths that are there whatever models are loaded. */
export function commonPaths(): Record<string, object> {
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
      { parameters: [parameter('id')] },
      [404, 503],
    ),
    '/metrics': get('Metrics for Prometheus', 'operation', {
      description: 'Text exposition',
      content: { 'text/plain': { schema: { type: 'string' } } },
    }),
  };
}

/** The schemas that paths refer to. */
export function commonSchemas(): Record<string, object> {
  const string = { type: 'string' };
  const integer = { type: 'integer' };
  const closed = (properties: Record<string, object>, required = Object.keys(properties)): object => ({
    type: 'object',
    properties,
    required,
    additionalProperties: false,
  });
  const problem = { type: string, title: string, status: integer, detail: string, code: string, request_id: string };
  const errors = { type: 'array', items: closed({ path: string, message: string }) };
  return {
    ModelVersion: closed({ name: string, version: integer }),
    Flag: closed({ feature: string, problem: { type: 'string', enum: ['out_of_range', 'unseen_category'] } }),
    OutcomeCounts: closed({ accepted: integer, unchanged: integer, revised: integer }),
    Problem: closed({ ...problem, errors, more_errors: integer }, Object.keys(problem)),
  };
}
