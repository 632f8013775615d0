import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROUTES } from '../../service/metrics/http.js';
import { createDatabase } from '../helpers/postgres.js';
import { startTestService, type TestService } from './harness.js';
import { flowers, houses, promote } from './models.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let service: TestService;
beforeAll(async () => {
  database = await createDatabase();
  await promote(database.pool, await flowers());
  await promote(database.pool, await houses());
  service = await startTestService(database.url);
  await service.ready();
});
afterAll(async () => {
  await service.close();
  await database.drop();
});

interface Operation {
  operationId?: string;
  parameters?: { name: string; in: string }[];
  requestBody?: { content: { 'application/json': { schema: object; example?: unknown } } };
  responses: {
    [status: string]: { description: string; content: { [type: string]: { schema: object; example?: unknown } } };
  };
}
interface Document {
  openapi: string;
  paths: { [path: string]: { [method: string]: Operation } };
  components: { schemas: { [name: string]: object } };
}

async function readDocument(): Promise<Document> {
  return (await service.get('/openapi.json')).body;
}

/** Compiles schemas of the document; what they refer to must be there. */
function compiler(document: Document): (schema: object) => ReturnType<Ajv2020['compile']> {
  const ajv = new Ajv2020({ strict: false });
  ajvFormats.default(ajv);
  return (schema) => ajv.compile({ ...schema, components: document.components });
}

test('describes every route but the docs themselves, each response with a schema that compiles', async () => {
  const document = await readDocument();
  expect(document.openapi).toBe('3.1.0');
  const compile = compiler(document);
  const described = new Set<string>();
  const ids: string[] = [];
  for (const [path, operations] of Object.entries(document.paths)) {
    const route = path.replace(/models\/(flowers|houses)\//, 'models/{model}/');
    for (const [method, operation] of Object.entries(operations)) {
      described.add(`${method.toUpperCase()} ${route}`);
      if (operation.operationId) ids.push(operation.operationId);
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(parameters.map((parameter) => parameter.name)).toEqual(inPath);
      for (const response of Object.values(operation.responses)) {
        expect(response.description).not.toBe('');
        for (const { schema } of Object.values(response.content)) compile(schema);
      }
    }
  }
  expect(new Set(ids).size).toBe(ids.length);
  const routes = Object.entries(ROUTES).flatMap(([route, methods]) => methods.map((method) => `${method} ${route}`));
  const undescribed = ['GET /openapi.json', 'GET /docs'];
  expect([...described].sort()).toEqual(routes.filter((route) => !undescribed.includes(route)).sort());
});

test('its examples are valid by its own schemas, and the service answers them as it says it does', async () => {
  const document = await readDocument();
  const compile = compiler(document);
  for (const name of ['flowers', 'houses']) {
    const { requestBody, responses } = document.paths[`/v1/models/${name}/predict`]!.post!;
    const { schema, example } = requestBody!.content['application/json'];
    expect(compile(schema)(example)).toBe(true);
    const reply = await service.post(`/v1/models/${name}/predict`, example);
    expect(reply.status).toBe(200);
    expect(reply.body.predictions[0].flags).toBeUndefined();
    const answered = compile(responses[200]!.content['application/json']!.schema);
    expect([answered(reply.body), answered.errors]).toEqual([true, null]);
    const outcomes = {
      outcomes: reply.body.predictions.map((p: { id: string; label?: string; value?: number }) => ({
        prediction_id: p.id,
        actual: p.label ?? p.value,
        observed_at: new Date().toISOString(),
      })),
    };
    const operation = document.paths[`/v1/models/${name}/outcomes`]!.post!;
    expect(compile(operation.requestBody!.content['application/json'].schema)(outcomes)).toBe(true);
    expect((await service.post(`/v1/models/${name}/outcomes`, outcomes)).body.accepted).toBe(1);
    const infer = document.paths[`/v2/models/${name}/infer`]!.post!;
    const body = infer.requestBody!.content['application/json'];
    expect(compile(body.schema)(body.example)).toBe(true);
    const tensors = await service.post(`/v2/models/${name}/infer`, body.example);
    expect(tensors.status).toBe(200);
    expect(compile(infer.responses[200]!.content['application/json']!.schema)(tensors.body)).toBe(true);
    const bad = await service.post(`/v1/models/${name}/predict`, { instances: [{}] });
    expect(compile(responses[400]!.content['application/problem+json']!.schema)(bad.body)).toBe(true);
  }
});

test('shows units, ranges and descriptions of the manifest', async () => {
  const document = await readDocument();
  const { schema } = document.paths['/v1/models/flowers/predict']!.post!.requestBody!.content['application/json'];
  const { items } = (schema as { properties: { instances: { items: { properties: object } } } }).properties.instances;
  expect(items.properties).toMatchObject({
    length: { type: 'number', 'x-unit': 'cm', 'x-range': [0, 10], description: 'Length of the petal; in cm; 0 to 10' },
    width: { type: 'number', minimum: 0, maximum: 5 },
    depth: { type: ['number', 'null'], format: 'float', description: 'depth; may be null or left out' },
  });
  // What a float holds is no limit that anyone needs to read.
  expect(JSON.stringify(document)).not.toMatch('e+38');
});

test('shows an answer that the model gave, to the instance of the request', async () => {
  const document = await readDocument();
  const compile = compiler(document);
  for (const name of ['flowers', 'houses']) {
    const { requestBody, responses } = document.paths[`/v1/models/${name}/predict`]!.post!;
    const { schema, example } = responses[200]!.content['application/json']!;
    expect(compile(schema)(example)).toBe(true);
    const { body } = await service.post(`/v1/models/${name}/predict`, requestBody!.content['application/json'].example);
    const shown = example as typeof body;
    expect({ ...shown.predictions[0], id: '' }).toEqual({ ...body.predictions[0], id: '' });
    expect(shown.model).toEqual(body.model);
    const outcomes = document.paths[`/v1/models/${name}/outcomes`]!.post!.requestBody!.content['application/json'];
    expect(compile(outcomes.schema)(outcomes.example)).toBe(true);
  }
  const flower = document.paths['/v1/models/flowers/predict']!.post!.responses[200]!.content['application/json']!;
  const { probabilities } = (flower.example as { predictions: { probabilities: Record<string, number> }[] })
    .predictions[0]!;
  expect(Object.values(probabilities).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
});

test('lists models and describes one with its versions', async () => {
  expect((await service.get('/v1/models')).body).toEqual({
    models: [
      { name: 'flowers', description: 'Kind of a flower from its size', task: 'multiclass', champion: 1 },
      { name: 'houses', task: 'regression', champion: 1 },
    ],
  });
  const { body } = await service.get('/v1/models/flowers');
  expect(body).toMatchObject({
    name: 'flowers',
    champion: 1,
    target: 'kind',
    classes: ['iris', 'rose', 'tulip'],
    versions: [{ version: 1, state: 'champion', metrics: { rows: 300 } }],
  });
  expect(body.features[0]).toMatchObject({ name: 'length', type: 'numeric', unit: 'cm', range: [0, 10] });
});

test('serves the docs page from the package, without inline scripts or other hosts', async () => {
  const page = await service.get('/docs');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toMatch("default-src 'self'");
  expect(page.body).toMatch('<title>Plumbline API</title>');
  expect(page.body).toMatch('<meta name="viewport" content="width=device-width, initial-scale=1">');
  expect(page.body).not.toMatch(/<script(?![^>]*src=)|https?:\/\//);
  const sources = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match: RegExpMatchArray) => match[1]!);
  expect(sources.length).toBeGreaterThan(3);
  for (const source of sources) expect((await fetch(new URL(source, `${service.url}/docs/`))).status).toBe(200);
  const start = await service.get('/docs/swagger-initializer.js');
  expect(start.body).toMatch("url: '/openapi.json'");
  expect(start.body).not.toMatch(/petstore|StandaloneLayout/);
  const redirected = await fetch(`${service.url}/docs`);
  expect(redirected.url).toBe(`${service.url}/docs/`);
});
