import { afterAll, beforeAll, expect, test } from 'vitest';
import { replay } from '../../../cli/replay/replay.js';
import { loadProject } from '../../../core/project/load.js';
import { addModel } from '../../../core/project/register.js';
import { createDatabase } from '../../helpers/postgres.js';
import { EVENT, eventRows, writeEventsProject } from '../../helpers/prepared-project.js';
import { startTestService, type TestService } from '../harness.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let service: TestService;
let project: Awaited<ReturnType<typeof loadProject>>;
beforeAll(async () => {
  database = await createDatabase();
  const { folder, remove } = await writeEventsProject();
  project = await loadProject(folder);
  await remove();
  await addModel(database.pool, project, 'test');
  service = await startTestService(database.url);
  await service.ready();
});
afterAll(async () => {
  await service?.close();
  await database?.drop();
});

const PREDICT = '/v1/models/events/predict';
interface Answer {
  id: string;
  label: string;
  probabilities: { yes: number };
}
const predict = async (instances: object[]): Promise<Answer[]> => {
  const { status, body } = await service.post(PREDICT, { instances });
  expect(status, JSON.stringify(body)).toBe(200);
  return body.predictions;
};
/** Path and message of each problem of a request. */
const problemsOf = async (...instances: object[]): Promise<Record<string, string>> => {
  const { status, body } = await service.post(PREDICT, { instances });
  expect(status).toBe(400);
  const problems: { path: string; message: string }[] = body.errors;
  return Object.fromEntries(problems.map(({ path, message }) => [path, message]));
};

test.each([1, 400])('answers raw rows, %i at a time, as the model answered them in training', async (rows) => {
  const instances = eventRows(400, 1)
    .slice(0, rows)
    .map(({ sold_out: _, ...instance }) => instance);
  const answers = await predict(instances);
  const yes = project.manifest.classes.indexOf('yes');
  const trained = Array.from({ length: rows }, (_, row) => project.predictions.probabilities![2 * row + yes]!);
  expect(answers.map(({ probabilities }) => Math.fround(probabilities.yes))).toEqual(trained);
  expect(answers.map(({ label }) => label)).toEqual(project.predictions.labels!.slice(0, rows));
});

test('stores features and raw inputs, shows both, and replays them bit for bit', async () => {
  const sent = { ...EVENT, price: 0.1 + 0.2, cost: null };
  const [{ id }] = (await predict([sent])) as [Answer];
  await service.stored();
  const { body } = await service.get(`/v1/predictions/${id}`);
  expect(body.inputs).toEqual(sent);
  expect(body.features).toMatchObject({ title_words: 4, notice_hours: 176.5, type_of_event: 'concert', margin: null });
  const { rows } = await database.pool.query('select raw_inputs from predictions where prediction_id = $1', [id]);
  expect(rows[0].raw_inputs).toEqual([
    ...[EVENT.title, '0.30000000000000004', null, 'concert', '1', EVENT.announced, EVENT.begins],
  ]);
  expect(await replay(database.pool, id)).toMatchObject({ same: true });
});

test('a replay tells when the inputs do not make the stored features', async () => {
  const [{ id }] = (await predict([EVENT])) as [Answer];
  await service.stored();
  await database.pool.query('update predictions set raw_inputs[1] = $2 where prediction_id = $1', [id, 'One']);
  const { same, reason } = await replay(database.pool, id);
  expect(same).toBe(false);
  expect(reason).toBe(
    'the stored inputs make title_words 1 now and made it 4; the preparation of features has changed',
  );
});

test('problems name the raw field, all of them at once', async () => {
  const { kind: _, ...rest } = EVENT;
  const bad = { ...rest, announced: 'noon', price: '19', titel: 'x', begins: '2026-02-30T00:00:00Z' };
  expect(await problemsOf(EVENT, bad)).toEqual({
    '/instances/1/kind': 'is missing; send a string, of 10000 characters at most',
    '/instances/1/titel': 'is no feature of this model; did you mean "title"?',
    '/instances/1/price': 'is the string "19", wanted a number in EUR',
    '/instances/1/announced':
      'is the string "noon", wanted a string, a time with its zone such as 2026-01-31T12:00:00Z',
    '/instances/1/begins':
      'is the string "2026-02-30T00:00:00Z", wanted a string, a time with its zone such as 2026-01-31T12:00:00Z',
  });
});

test.each([1, 40])('a feature that cannot be made, or is refused, is told by its raw field (%i rows)', async (rows) => {
  const early = { ...EVENT, begins: '2026-02-28T00:00:00Z', price: -2 };
  const instances = [...Array.from({ length: rows - 1 }, () => EVENT), early];
  expect(await problemsOf(...instances)).toEqual({
    [`/instances/${rows - 1}/announced`]:
      'makes the feature "notice_hours" (hours of announced, begins) -35, wanted 0 to 2400',
    [`/instances/${rows - 1}/price`]: 'makes the feature "log_price" (log1p of price) no number',
  });
});

test('a prepared value outside its range or categories is flagged by the name of its feature', async () => {
  const { body } = await service.post(PREDICT, { instances: [{ ...EVENT, kind: 'circus' }] });
  expect(body.predictions[0].flags).toEqual([{ feature: 'type_of_event', problem: 'unseen_category' }]);
});

test('documents the raw inputs, with an example that is answered', async () => {
  const { body } = await service.get('/openapi.json');
  const content = body.paths[PREDICT].post.requestBody.content['application/json'];
  const { items } = content.schema.properties.instances;
  expect(Object.keys(items.properties)).toEqual(project.manifest.inputs!.map(({ name }) => name));
  expect(items.properties.begins).toMatchObject({ type: 'string', format: 'date-time' });
  expect(items.required).not.toContain('cost');
  const example = content.example ?? content.examples?.default?.value ?? content.schema.examples?.[0];
  await predict(example.instances);
  const { body: model } = await service.get('/v1/models/events');
  expect(model.inputs.map(({ name }: { name: string }) => name)).toContain('announced');
  expect(model.features[0].from).toEqual({ step: 'words', of: ['title'] });
});

test('the Open Inference Protocol takes the raw inputs, a tensor each, and answers the same', async () => {
  const { body: metadata } = await service.get('/v2/models/events');
  expect(
    metadata.inputs.map(({ name, datatype }: { name: string; datatype: string }) => `${name} ${datatype}`),
  ).toEqual([
    ...['title BYTES', 'price FP32', 'cost FP32', 'kind BYTES', 'free_drinks BOOL', 'announced BYTES', 'begins BYTES'],
  ]);
  const tensor = (name: string, datatype: string, ...data: unknown[]) => ({
    name,
    datatype,
    shape: [2, 1],
    data,
  });
  const inputs = [
    tensor('title', 'BYTES', EVENT.title, ''),
    tensor('price', 'FP64', EVENT.price, 5),
    tensor('kind', 'BYTES', EVENT.kind, 'lecture'),
    tensor('free_drinks', 'BOOL', true, false),
    tensor('announced', 'BYTES', EVENT.announced, EVENT.announced),
    tensor('begins', 'BYTES', EVENT.begins, EVENT.begins),
  ];
  const { status, body } = await service.post('/v2/models/events/infer', { inputs });
  expect(status, JSON.stringify(body)).toBe(200);
  const { cost: _, ...event } = EVENT;
  const answers = await predict([event, { ...event, title: '', price: 5, kind: 'lecture', free_drinks: false }]);
  const labels = body.outputs.find(({ name }: { name: string }) => name.includes('label'));
  expect(labels.data).toEqual(answers.map(({ label }) => label));
  const late = inputs.map((input) =>
    input.name === 'begins' ? tensor('begins', 'BYTES', 'soon', EVENT.begins) : input,
  );
  const refused = await service.post('/v2/models/events/infer', { inputs: late });
  expect(refused.status).toBe(400);
  expect(JSON.stringify(refused.body)).toContain('wanted a string, a time with its zone');
});
