import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestService } from '../harness.js';
import {
  type BinaryAnswer,
  encodeRequest,
  FLOWERS,
  floats,
  HOUSES,
  type SentTensor,
  sendBytes,
  startV2Service,
} from './harness.js';

let running: Awaited<ReturnType<typeof startV2Service>>;
let service: TestService;
beforeAll(async () => {
  running = await startV2Service({ SERVICE_MAX_BODY_BYTES: '100000' });
  service = running.service;
});
afterAll(() => running.close());

const BINARY: SentTensor = { ...FLOWERS, data: floats(7, 2, 1, 1, 1, Number.NaN) };

describe.each(['', '/versions/1'])('a model%s', (version) => {
  const send = (
    inputs: SentTensor[],
    more: object = {},
    headers: Record<string, string> = {},
  ): Promise<BinaryAnswer> => {
    const request = encodeRequest(inputs, more);
    return sendBytes(service, `/v2/models/flowers${version}/infer`, request.body, { ...request.headers, ...headers });
  };

  test('takes binary and answers JSON, without a content type; NaN is missing', async () => {
    const json = await send([FLOWERS]);
    const binary = await send([BINARY]);
    expect([binary.status, binary.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(binary.headers.get('inference-header-content-length')).toBeNull();
    expect(binary.body.outputs).toEqual(json.body.outputs);
  });

  test.each([[FLOWERS], [BINARY]])('answers binary where that is asked for (%#)', async (input) => {
    const { body: json } = await send([FLOWERS]);
    const all = await send([input], { parameters: { binary_data_output: true } });
    expect(all.headers.get('content-type')).toBe('application/octet-stream');
    expect(all.body.outputs).toEqual([
      { name: 'label', datatype: 'BYTES', shape: [2], parameters: { binary_data_size: 17 } },
      { name: 'probabilities', datatype: 'FP32', shape: [2, 3], parameters: { binary_data_size: 24 } },
    ]);
    expect(all.bytes.label).toEqual(Buffer.from('\u0005\0\0\0tulip\u0004\0\0\0iris'));
    expect(all.bytes.probabilities).toEqual(floats(...json.outputs[1].data));
    const outputs = [{ name: 'probabilities', parameters: { binary_data: true } }, { name: 'label' }];
    const mixed = await send([input], { outputs });
    expect(mixed.body.outputs[1]).toEqual(json.outputs[0]);
    expect(mixed.bytes.probabilities).toEqual(all.bytes.probabilities);
    const one = [{ name: 'label', parameters: { binary_data: false } }];
    const none = await send([input], { outputs: one, parameters: { binary_data_output: true } });
    expect(none.headers.get('inference-header-content-length')).toBeNull();
    const wrong = await send([input], { outputs: [{ name: 'label', parameters: { binary_data: 1 } }] });
    expect([wrong.status, wrong.body.error]).toEqual([
      400,
      'outputs[0].parameters.binary_data is a number, wanted true or false',
    ]);
  });

  test('refuses a wrong header, and binary parts that are too short or too long', async () => {
    for (const length of ['0', '-1', 'x', '1e2', '999999']) {
      const { status, body } = await send([BINARY], {}, { 'inference-header-content-length': length });
      expect([status, body.error]).toEqual([400, expect.stringMatching(/^inference-header-content-length is "/)]);
    }
    const off = await send([BINARY], {}, { 'inference-header-content-length': '20' });
    expect([off.status, off.body.error]).toEqual([400, expect.stringMatching(/^the body is not valid JSON/)]);
    const { body, headers } = encodeRequest([BINARY]);
    const path = `/v2/models/flowers${version}/infer`;
    const short = await sendBytes(service, path, body.subarray(0, -1), headers);
    expect([short.status, short.body.error]).toEqual([
      400,
      'input "features" has binary_data_size 24, but 23 bytes are left after the JSON',
    ]);
    const long = await sendBytes(service, path, Buffer.concat([body, Buffer.alloc(1)]), headers);
    expect([long.status, long.body.error]).toEqual([
      400,
      expect.stringMatching(/^the body has 1 bytes after its JSON/),
    ]);
    const few = await send([{ ...BINARY, data: floats(1, 2) }]);
    expect([few.status, few.body.error]).toEqual([
      400,
      expect.stringMatching(/has 8 bytes, its shape \[2, 3\] of FP32 wants 24/),
    ]);
    const headless = await sendBytes(service, path, body);
    expect(headless.status).toBe(400);
  });

  test('reads gzip and deflate, binary parts included, and answers gzip where it is accepted', async () => {
    const { body, headers } = encodeRequest([BINARY]);
    const path = `/v2/models/flowers${version}/infer`;
    const plain = await sendBytes(service, path, body, headers);
    for (const [encoding, packed] of [
      ['gzip', gzipSync(body)],
      ['deflate', deflateSync(body)],
    ] as const) {
      const reply = await sendBytes(service, path, packed, { ...headers, 'content-encoding': encoding });
      expect(reply.body.outputs).toEqual(plain.body.outputs);
      const torn = await sendBytes(service, path, packed.subarray(0, 20), { ...headers, 'content-encoding': encoding });
      expect([torn.status, torn.body.error]).toEqual([400, expect.stringMatching(`the body is not ${encoding}`)]);
    }
    const other = await sendBytes(service, path, body, { 'content-encoding': 'zstd' });
    expect([other.status, other.body.error]).toEqual([415, expect.stringMatching('"zstd" is not read')]);
    const bomb = await sendBytes(service, path, gzipSync(Buffer.alloc(10_000_000)), { 'content-encoding': 'gzip' });
    expect([bomb.status, bomb.body.error]).toEqual([413, expect.stringMatching('larger than 100000 bytes')]);
    const many = { ...FLOWERS, shape: [100, 3], data: Array(300).fill(1) };
    const more = { parameters: { binary_data_output: true } };
    const packed = await send([many], more, { 'accept-encoding': 'gzip' });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    const unpacked = await send([many], more, { 'accept-encoding': 'gzip;q=0, deflate' });
    expect(unpacked.headers.get('content-encoding')).toBeNull();
    expect(packed.bytes).toEqual(unpacked.bytes);
    expect((await send([FLOWERS], {}, { 'accept-encoding': 'gzip' })).headers.get('content-encoding')).toBeNull();
  });
});

/** Infers a flower of this length and reads the length that was stored. */
async function storedLength(datatype: string, data: unknown[] | Buffer): Promise<unknown> {
  const width: SentTensor = { name: 'width', datatype: 'FP32', shape: [1, 1], data: [1] };
  const { body, headers } = encodeRequest([{ name: 'length', datatype, shape: [1, 1], data }, width]);
  const reply = await sendBytes(service, '/v2/models/flowers/infer', body, headers);
  if (reply.status !== 200) return reply.body.error;
  await service.stored();
  const { rows } = await running.pool.query(
    'select numeric_features[1] as length from predictions where prediction_id = $1',
    [reply.body.parameters.prediction_ids],
  );
  return rows[0].length;
}

const bytesOf = (size: number, write: (bytes: Buffer) => unknown): Buffer => {
  const bytes = Buffer.alloc(size);
  write(bytes);
  return bytes;
};

test.each([
  ['UINT8', bytesOf(1, (b) => b.writeUInt8(200)), 200],
  ['UINT16', bytesOf(2, (b) => b.writeUInt16LE(60_000)), 60_000],
  ['UINT32', bytesOf(4, (b) => b.writeUInt32LE(4e9)), 4e9],
  ['UINT64', bytesOf(8, (b) => b.writeBigUInt64LE(2n ** 63n)), 2 ** 63],
  ['INT8', bytesOf(1, (b) => b.writeInt8(-100)), -100],
  ['INT16', bytesOf(2, (b) => b.writeInt16LE(-30_000)), -30_000],
  ['INT32', bytesOf(4, (b) => b.writeInt32LE(-2e9)), -2e9],
  ['INT64', bytesOf(8, (b) => b.writeBigInt64LE(-(2n ** 60n) - 2n ** 10n)), -(2 ** 60) - 2 ** 10],
  ['FP16', Buffer.from([0x00, 0x3e]), 1.5],
  ['FP32', floats(0.3), 0.3],
  ['FP64', bytesOf(8, (b) => b.writeDoubleLE(0.1 + 0.2)), 0.1 + 0.2],
  ['FP64', [0.1 + 0.2], 0.1 + 0.2],
  ['FP32', [0.3], 0.3],
  ['INT64', [Number.MAX_SAFE_INTEGER], Number.MAX_SAFE_INTEGER],
])('keeps %s exactly (%#)', async (datatype, data, stored) => {
  expect(await storedLength(datatype, data)).toBe(stored);
});

test('refuses integers that would be rounded, and infinity', async () => {
  const odd = bytesOf(8, (bytes) => bytes.writeBigInt64LE(2n ** 53n + 1n));
  expect(await storedLength('INT64', odd)).toMatch('has 9007199254740993 at 0, which a feature cannot hold exactly');
  expect(await storedLength('INT64', [2 ** 53])).toMatch('(what lies beyond is exact only as binary data)');
  expect(await storedLength('FP32', floats(Number.POSITIVE_INFINITY))).toMatch('row 0, feature "length"');
  expect(await storedLength('BOOL', [true])).toMatch('has datatype BOOL, wanted FP32');
});

test('takes BOOL and BYTES binary; an empty text is missing', async () => {
  const texts = (...values: string[]): Buffer =>
    Buffer.concat(values.flatMap((v) => [bytesOf(4, (b) => b.writeUInt32LE(Buffer.byteLength(v))), Buffer.from(v)]));
  const binary = [
    HOUSES[0]!,
    { ...HOUSES[1]!, data: Buffer.from([1, 0]) },
    { ...HOUSES[2]!, data: texts('Kärnten', '') },
    { ...HOUSES[3]!, data: texts('gas', 'heat "pump"') },
  ];
  const infer = (inputs: SentTensor[]): Promise<BinaryAnswer> => {
    const { body, headers } = encodeRequest(inputs);
    return sendBytes(service, '/v2/models/houses/infer', body, headers);
  };
  const { body } = await infer(binary);
  await service.stored();
  const { rows } = await running.pool.query(
    'select categorical_features as texts, numeric_features[2] as garden from predictions where prediction_id = any($1) order by prediction_id',
    [body.parameters.prediction_ids.split(',')],
  );
  expect(rows).toEqual([
    { texts: ['Kärnten', 'gas'], garden: 1 },
    { texts: [null, 'heat "pump"'], garden: 0 },
  ]);
  const torn = await infer(
    binary.map((input, i) => (i === 2 ? { ...input, data: texts('a', 'b').subarray(0, -1) } : input)),
  );
  expect([torn.status, torn.body.error]).toEqual([
    400,
    expect.stringMatching(/^input "district" has 1 whole elements in 9 bytes/),
  ]);
  const notText = await infer(
    binary.map((input, i) => (i === 2 ? { ...input, data: Buffer.from([1, 0, 0, 0, 255, 0, 0, 0, 0]) } : input)),
  );
  expect([notText.status, notText.body.error]).toEqual([400, expect.stringMatching('not UTF-8 text')]);
});
