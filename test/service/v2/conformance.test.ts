import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packagePath } from '../../../core/package-path.js';
import type { Reply, TestService } from '../harness.js';
import { FLOWERS, HOUSES, startV2Service } from './harness.js';

let running: Awaited<ReturnType<typeof startV2Service>>;
let service: TestService;
beforeAll(async () => {
  running = await startV2Service({ SERVICE_MAX_BODY_BYTES: '100000', SERVICE_MAX_INSTANCES: '600' });
  service = running.service;
});
afterAll(() => running.close());

function assertError(reply: Reply, status: number, error: string | RegExp): void {
  expect(reply.body).toEqual({ error: typeof error === 'string' ? error : expect.stringMatching(error) });
  expect(reply.status).toBe(status);
  expect(reply.headers.get('content-type')).toBe('application/json');
  expect(reply.headers.get('x-request-id')).not.toBeNull();
}

test('says that it lives, that it is ready, and what it is, with and without a slash at the end', async () => {
  const { version } = JSON.parse(readFileSync(packagePath('package.json'), 'utf8'));
  const server = { name: 'plumbline', version, extensions: ['binary_tensor_data', 'model_repository'] };
  for (const end of ['', '/', '?x=1', '/?x=1']) {
    expect((await service.get(`/v2/health/live${end}`)).body).toEqual({ live: true });
    expect((await service.get(`/v2/health/ready${end}`)).body).toEqual({ ready: true });
    expect((await service.get(`/v2${end}`)).body).toEqual(server);
    expect((await service.get(`/v2/models${end}`)).body).toEqual({ models: ['flowers', 'houses'] });
  }
});

test('refuses paths and methods that are none', async () => {
  for (const path of ['/v2/nothing', '/v2/models//infer', '/v2/models/%ff', '/v2//', '/v2/models/flowers/versions'])
    assertError(await service.get(path), 404, /^there is nothing at this path/);
  const wrong = await service.get('/v2/models/flowers/infer');
  assertError(wrong, 405, 'this path takes POST');
  expect(wrong.headers.get('allow')).toBe('POST');
  assertError(await service.post('/v2/health/live', {}), 405, 'this path takes GET');
  expect((await fetch(`${service.url}/v2/health/live`, { method: 'HEAD' })).status).toBe(200);
});

describe.each(['', '/versions/1'])('a model%s', (version) => {
  const flowersPath = `/v2/models/flowers${version}`;
  const inferFlowers = (body: object | string): Promise<Reply> => service.post(`${flowersPath}/infer`, body);
  const inferHouses = (body: object): Promise<Reply> => service.post(`/v2/models/houses${version}/infer`, body);

  test('is described with its tensors', async () => {
    expect((await service.get(flowersPath)).body).toEqual({
      name: 'flowers',
      versions: ['1'],
      platform: 'onnx_onnxv1',
      inputs: [{ name: 'features', datatype: 'FP32', shape: [-1, 3] }],
      outputs: [
        { name: 'label', datatype: 'BYTES', shape: [-1] },
        { name: 'probabilities', datatype: 'FP32', shape: [-1, 3] },
      ],
    });
    const { body } = await service.get(`/v2/models/houses${version}/`);
    expect(body.inputs.map((input: { name: string; datatype: string }) => [input.name, input.datatype])).toEqual([
      ['area', 'FP32'],
      ['garden', 'BOOL'],
      ['district', 'BYTES'],
      ['heating/type', 'BYTES'],
    ]);
    expect(body.outputs).toEqual([{ name: 'value', datatype: 'FP32', shape: [-1, 1] }]);
  });

  test('is ready, under an encoded name too', async () => {
    expect((await service.get(`${flowersPath}/ready`)).body).toEqual({ name: 'flowers', ready: true });
    expect((await service.get(`/v2/models/%66lowers${version}/ready/`)).status).toBe(200);
    expect((await service.post(`/v2/models/%66lowers${version}/infer/?a=b`, { inputs: [FLOWERS] })).status).toBe(200);
  });

  test('answers as /v1 does, flat and nested', async () => {
    const { body: v1 } = await service.post('/v1/models/flowers/predict', {
      instances: [
        { length: 7, width: 2, depth: 1 },
        { length: 1, width: 1, depth: null },
      ],
    });
    const flat = await inferFlowers({ inputs: [FLOWERS] });
    expect([flat.status, flat.headers.get('content-type')]).toEqual([200, 'application/json']);
    const probabilities = v1.predictions.flatMap((p: { probabilities: object }) => Object.values(p.probabilities));
    expect(flat.body).toEqual({
      model_name: 'flowers',
      model_version: '1',
      id: flat.headers.get('x-request-id'),
      parameters: { prediction_ids: expect.any(String) },
      outputs: [
        { name: 'label', datatype: 'BYTES', shape: [2], data: ['tulip', 'iris'] },
        { name: 'probabilities', datatype: 'FP32', shape: [2, 3], data: probabilities },
      ],
    });
    const nested = { ...FLOWERS, data: [FLOWERS.data.slice(0, 3), FLOWERS.data.slice(3)] };
    expect((await inferFlowers({ inputs: [nested] })).body.outputs).toEqual(flat.body.outputs);
  });

  test('takes a tensor a feature, in any order, without those that may be missing', async () => {
    const column = (name: string, ...data: number[]) => ({ name, datatype: 'FP32', shape: [data.length], data });
    const wide = await inferFlowers({ inputs: [{ ...FLOWERS, data: [7, 2, null, 1, 1, null] }] });
    const columns = await inferFlowers({ inputs: [column('width', 2, 1), column('length', 7, 1)] });
    expect(columns.body.outputs).toEqual(wide.body.outputs);
    assertError(await inferFlowers({ inputs: [column('width', 2)] }), 400, /^input "length" is missing; send features/);
    assertError(await inferFlowers({ inputs: [FLOWERS, column('width', 2)] }), 400, /^input "width" is no input/);
  });

  test('echoes the id, or gives one', async () => {
    expect((await inferFlowers({ id: 'mine', inputs: [FLOWERS] })).body.id).toBe('mine');
    for (const id of [null, '', undefined]) {
      expect((await inferFlowers({ id, inputs: [FLOWERS] })).body.id).toMatch(/^[0-9a-f-]{36}$/);
    }
    assertError(await inferFlowers({ id: 7, inputs: [FLOWERS] }), 400, 'id is a number, wanted a string');
  });

  test('passes parameters through', async () => {
    const parameters = { tenant: 'a', priority: 3, dry: false, binary_data_output: false };
    const { body } = await inferFlowers({ parameters, inputs: [FLOWERS] });
    expect(body.parameters).toEqual({ tenant: 'a', priority: 3, dry: false, prediction_ids: expect.any(String) });
    const nulls = await inferFlowers({ parameters: null, outputs: null, inputs: [{ ...FLOWERS, parameters: null }] });
    expect(nulls.status).toBe(200);
    assertError(await inferFlowers({ parameters: 1, inputs: [FLOWERS] }), 400, /^parameters is a number/);
  });

  test('answers the outputs asked for, in that order', async () => {
    const outputs = (...names: string[]) => names.map((name) => ({ name }));
    const names = async (body: object): Promise<string[]> =>
      (await inferFlowers(body)).body.outputs.map((output: { name: string }) => output.name);
    expect(await names({ inputs: [FLOWERS], outputs: outputs('probabilities') })).toEqual(['probabilities']);
    const both = ['probabilities', 'label'];
    expect(await names({ inputs: [FLOWERS], outputs: outputs(...both) })).toEqual(both);
    expect(await names({ inputs: [FLOWERS], outputs: [] })).toEqual(['label', 'probabilities']);
    assertError(
      await inferFlowers({ inputs: [FLOWERS], outputs: outputs('logits') }),
      400,
      'output "logits" is no output of this model; its outputs are label, probabilities',
    );
    assertError(await inferFlowers({ inputs: [FLOWERS], outputs: outputs('label', 'label') }), 400, /stands twice/);
    assertError(await inferFlowers({ inputs: [FLOWERS], outputs: [null] }), 400, /^output missing is no output/);
    const classes = [{ name: 'probabilities', parameters: { classification: 2 } }];
    assertError(await inferFlowers({ inputs: [FLOWERS], outputs: classes }), 400, /classification is not offered/);
  });

  test('refuses inputs that do not fit', async () => {
    const refused = async (change: object, error: string | RegExp): Promise<void> =>
      assertError(await inferFlowers({ inputs: [{ ...FLOWERS, ...change }] }), 400, error);
    await refused({ shape: [3, 3] }, 'input "features" has 6 elements, its shape [3, 3] wants 9');
    await refused({ shape: [3, 2] }, 'input "features" has shape [3, 2], wanted [rows, 3]');
    await refused({ shape: [6] }, 'input "features" has shape [6], wanted [rows, 3]');
    await refused({ shape: [-2, 3] }, /^input "features" has no valid shape/);
    await refused(
      {
        data: [
          [7, 2],
          [1, 1, 1, 1],
        ],
      },
      /has an array of 2 at depth 1, its shape \[2, 3\] wants 3/,
    );
    await refused({ data: undefined }, /^input "features" has no data/);
    await refused({ data: [7, 2, 1, 1, '1', 1] }, 'input "features" has the string "1" at 4, wanted a number, or null');
    await refused({ datatype: 'BYTES', data: Array(6).fill('a') }, /has datatype BYTES, wanted FP32/);
    await refused({ datatype: 'FP8' }, /^input "features" has the string "FP8" as datatype, wanted one of BOOL, /);
    await refused({ datatype: 'FP16' }, /^input "features" has FP16 in JSON; send it as binary data/);
    await refused(
      { datatype: 'INT8', data: [7, 2, 1, 128, 1, 1] },
      /has the number 128 at 3, wanted an integer from -128 /,
    );
    await refused({ name: 'petals' }, /^input "petals" is no input of this model; its inputs are features$/);
    await refused({ name: 1 }, 'inputs[0].name is a number, wanted a string');
    await refused({ shape: [0, 3], data: [] }, 'the batch is empty, wanted at least one instance');
    assertError(await inferFlowers({ inputs: [] }), 400, 'inputs is empty; send features FP32[-1, 3]');
    assertError(await inferFlowers({}), 400, 'inputs is missing, wanted an array of tensors');
    assertError(await inferFlowers({ inputs: [FLOWERS, FLOWERS] }), 400, 'input "features" stands twice');
    assertError(await inferHouses({ inputs: HOUSES.slice(1) }), 400, /^input "area" is missing/);
    assertError(
      await inferHouses({ inputs: [HOUSES[0]!, { ...HOUSES[1]!, shape: [1], data: [true] }] }),
      400,
      /\[2, 1\] or \[2\]/,
    );
  });

  test('refuses rows that the manifest rejects, in terms of rows and features', async () => {
    const data = [7, 2, 1, null, 5.5, 1];
    assertError(
      await inferFlowers({ inputs: [{ ...FLOWERS, data }] }),
      400,
      'row 1, feature "length" is null, wanted a number in cm, 0 to 10; row 1, feature "width" is the number 5.5, wanted a number in cm, 0 to 5',
    );
    const wood = { ...HOUSES[3]!, data: ['wood', 'gas'] };
    const house = await inferHouses({ inputs: [...HOUSES.slice(0, 3), wood] });
    assertError(house, 400, /^row 0, feature "heating\/type" is the string "wood"/);
  });

  test('refuses broken JSON and NaN in it, and bodies that are too large', async () => {
    assertError(await inferFlowers('{"inputs": ['), 400, /^the body is not valid JSON: line 1 column 13/);
    assertError(await inferFlowers('{"inputs":[{"data":[NaN]}]}'), 400, /expected a value or \], found "N"/);
    assertError(await inferFlowers('[]'), 400, /^the body is an array/);
    assertError(await inferFlowers(' '.repeat(100_001)), 413, /^the body is larger than 100000 bytes/);
    const many = { ...FLOWERS, shape: [601, 3], data: Array(1_803).fill(1) };
    assertError(await inferFlowers({ inputs: [many] }), 400, 'input "features" has 601 rows, wanted 600 at most');
  });

  test('answers batches of any size, in order', async () => {
    const data = Array.from({ length: 600 }, (_, row) => (row % 2 === 0 ? [7, 2, 1] : [1, 1, null]));
    const { body } = await inferFlowers({ inputs: [{ ...FLOWERS, shape: [600, 3], data }] });
    expect(body.outputs[0].data).toEqual(data.map(([length]) => (length === 7 ? 'tulip' : 'iris')));
    expect(body.outputs[1].data).toHaveLength(1_800);
    expect(new Set(body.parameters.prediction_ids.split(',')).size).toBe(600);
  });

  test('stores each row as /v1 does, with its flags in the answer', async () => {
    const { body } = await inferHouses({ inputs: HOUSES });
    expect(JSON.parse(body.parameters.flags)).toEqual([{ row: 1, feature: 'area', problem: 'out_of_range' }]);
    await running.service.stored();
    const { rows } = await running.pool.query(
      `select model_version, source, numeric_features, categorical_features, out_of_range, value
         from predictions where prediction_id = any($1) order by prediction_id`,
      [body.parameters.prediction_ids.split(',')],
    );
    const common = { model_version: 1, source: 'live' };
    const [first, second] = body.outputs[0].data;
    expect(rows.map((row) => ({ ...row, value: Math.fround(row.value) }))).toEqual([
      {
        ...common,
        numeric_features: [100.1, 1],
        categorical_features: ['old town', 'gas'],
        out_of_range: [],
        value: first,
      },
      {
        ...common,
        numeric_features: [9, 0],
        categorical_features: [null, 'heat "pump"'],
        out_of_range: ['area'],
        value: second,
      },
    ]);
  });
});

test('refuses unknown models and versions on every path', async () => {
  for (const end of ['', '/ready', '/infer']) {
    const ask = (path: string): Promise<Reply> =>
      end === '/infer' ? service.post(path, { inputs: [FLOWERS] }) : service.get(path);
    assertError(await ask(`/v2/models/oaks${end}`), 404, /^Request for unknown model: "oaks" is not served here/);
    assertError(
      await ask(`/v2/models/flowers/versions/2${end}`),
      404,
      'Model "flowers" with version "2" not found; only the champion answers, which is version 1',
    );
    assertError(await ask(`/v2/models/flowers/versions/01${end}`), 404, /with version "01" not found/);
  }
});

test('counts requests by route and refusals by reason', async () => {
  const { body } = await service.get('/metrics');
  expect(body).toMatch(
    /_count\{method="POST",route="\/v2\/models\/\{model\}\/versions\/\{version\}\/infer",status_code="200"\} \d/,
  );
  expect(body).toMatch(/invalid_requests_total\{reason="unknown_field"\} [1-9]/);
  expect(body).toMatch(/invalid_requests_total\{reason="too_large"\} 2/);
});
