import { DATATYPES } from '../v2/infer/datatypes.js';
import { jsonBody } from './json-body.js';
import { sourceHeader } from './source-header.js';
import { timeoutHeader } from './timeout-header.js';

const STATUSES: Record<number, string> = {
  400: 'The request is not what is asked for',
  404: 'There is no such model, or this version of it does not answer',
  413: 'The body is too large',
  415: 'The body has an encoding that is not read',
  503: 'Not possible now; Retry-After says when to try again',
};
const text = { type: 'string' };
/** An object; some clients send null where they mean that there is none. */
export const OPTIONAL_OBJECT = { type: ['object', 'null'] };
const answers = (description: string, schema: object, statuses: number[]): object => ({
  200: { description, ...jsonBody(schema) },
  ...Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: STATUSES[status], ...jsonBody({ $ref: '#/components/schemas/ProtocolError' }) },
    ]),
  ),
});
const named = (name: string, values: string[] = []): object => ({
  name,
  in: 'path',
  required: true,
  schema: values.length > 0 ? { type: 'string', enum: values } : text,
});
const operation = (summary: string, responses: object, more: object = {}): object => ({
  summary,
  tags: ['open inference protocol'],
  ...more,
  responses,
});
const object = (properties: Record<string, object>, required = Object.keys(properties)): object => ({
  type: 'object',
  properties,
  required,
});
const flag = (name: string): object => object({ [name]: { type: 'boolean' } });

/** The paths of the Open Inference Protocol that are alike for the models of these names. */
export function v2Paths(models: string[]): Record<string, object> {
  const model = named('model', models);
  const paths: Record<string, object> = {
    '/v2': { get: operation('Describe the server', answers('Name, version, extensions', object({ name: text }), [])) },
    '/v2/health/live': { get: operation('Whether the process runs', answers('It does', flag('live'), [])) },
    '/v2/health/ready': {
      get: operation('Whether it can serve', {
        ...answers('It can', flag('ready'), []),
        503: { description: 'Not yet', ...jsonBody(flag('ready')) },
      }),
    },
    '/v2/models': { get: operation('Name the models', answers('Their names', object({ models: list(text) }), [503])) },
    '/v2/repository/index': {
      post: operation(
        'List the versions of the registry',
        answers('All versions', list({ type: 'object' }), [400, 413, 503]),
        {
          requestBody: jsonBody({ type: 'object', properties: { ready: { type: ['boolean', 'null'] } } }),
        },
      ),
    },
    '/v2/repository/models/{model}/load': {
      post: operation('Whether a model is loaded', answers('It is', { type: 'object' }, [404, 503]), {
        parameters: [model],
      }),
    },
    '/v2/repository/models/{model}/unload': {
      post: operation(
        'Always refused: models follow the registry',
        answers('Never', { type: 'object' }, [400, 404, 503]),
        {
          parameters: [model],
        },
      ),
    },
  };
  const versioned = '/v2/models/{model}/versions/{version}';
  const parameters = [model, named('version')];
  const request = { $ref: '#/components/schemas/InferRequest' };
  return {
    ...paths,
    ...modelPaths('/v2/models/{model}', [model]),
    ...modelPaths(versioned, parameters),
    [`${versioned}/infer`]: { post: inferOperation(parameters, request) },
  };
}

function list(items: object): object {
  return { type: 'array', items };
}

function modelPaths(base: string, parameters: object[]): Record<string, object> {
  const tensor = { $ref: '#/components/schemas/TensorDescription' };
  const description = object({
    name: text,
    versions: list(text),
    platform: text,
    inputs: list(tensor),
    outputs: list(tensor),
  });
  return {
    [base]: { get: operation('Describe a model', answers('Its tensors', description, [404, 503]), { parameters }) },
    [`${base}/ready`]: {
      get: operation('Whether a model answers', answers('It does', flag('ready'), [404, 503]), { parameters }),
    },
  };
}

/** An inference with these path parameters and this body. */
export function inferOperation(parameters: object[], schema: object, example?: unknown): object {
  const answer = { $ref: '#/components/schemas/InferResponse' };
  return operation(
    'Infer; the binary tensor extension is read and written too',
    answers('The outputs, stored before they were answered', answer, [400, 404, 413, 415, 503]),
    {
      parameters: [...parameters, timeoutHeader, sourceHeader],
      requestBody: { required: true, ...jsonBody(schema, example) },
    },
  );
}

/** The schemas that the paths of the protocol refer to. */
export function v2Schemas(): Record<string, object> {
  const parameters = { type: 'object' };
  const described = {
    name: text,
    datatype: { type: 'string', enum: Object.keys(DATATYPES) },
    shape: list({ type: 'integer' }),
  };
  const tensor = object({ ...described, parameters, data: { type: 'array' } }, Object.keys(described));
  const sent = object({ ...described, parameters: OPTIONAL_OBJECT, data: { type: 'array' } }, Object.keys(described));
  const requested = object({ name: text, parameters: OPTIONAL_OBJECT }, ['name']);
  return {
    ProtocolError: object({ error: text }),
    TensorDescription: object(described),
    InferRequest: object(
      {
        id: { type: ['string', 'null'] },
        parameters: OPTIONAL_OBJECT,
        inputs: { ...list(sent), minItems: 1 },
        outputs: { type: ['array', 'null'], items: requested },
      },
      ['inputs'],
    ),
    InferResponse: object({ model_name: text, model_version: text, id: text, parameters, outputs: list(tensor) }),
  };
}
