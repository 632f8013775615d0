import { createDatabase } from '../../helpers/postgres.js';
import { startTestService, type TestService } from '../harness.js';
import { flowers, houses, promote } from '../models.js';

/** A tensor to send: its data goes as JSON, or, given as bytes, behind the JSON. */
export interface SentTensor {
  name: string;
  datatype: string;
  shape: number[];
  data: unknown[] | Buffer;
}

/** An answer of the binary extension, taken apart. */
export interface BinaryAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  body: any;
  /** The bytes of each output that came binary, by name. */
  bytes: Record<string, Buffer>;
}

/** A service with the flowers (one tensor) and the houses (a tensor a column), each in version 1. */
export async function startV2Service(environment: Record<string, string> = {}) {
  const database = await createDatabase();
  await promote(database.pool, await flowers());
  await promote(database.pool, await houses());
  const service = await startTestService(database.url, environment);
  await service.ready();
  return {
    service,
    pool: database.pool,
    close: async () => {
      await service.close();
      await database.drop();
    },
  };
}

/** Two flowers: a tulip, and an iris of unknown depth. */
export const FLOWERS: SentTensor = { name: 'features', datatype: 'FP32', shape: [2, 3], data: [7, 2, 1, 1, 1, null] };

/** Two houses. */
export const HOUSES: SentTensor[] = [
  { name: 'area', datatype: 'FP64', shape: [2], data: [100.1, 9] },
  { name: 'garden', datatype: 'BOOL', shape: [2, 1], data: [[true], [false]] },
  { name: 'district', datatype: 'BYTES', shape: [2], data: ['old town', null] },
  { name: 'heating/type', datatype: 'BYTES', shape: [2, 1], data: ['gas', 'heat "pump"'] },
];

/** Numbers as little-endian floats of four bytes. */
export function floats(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [i, number] of numbers.entries()) bytes.writeFloatLE(number, i * 4);
  return bytes;
}

/** The body and headers of a request whose tensors may be binary. */
export function encodeRequest(
  inputs: SentTensor[],
  more: object = {},
): { body: Buffer; headers: Record<string, string> } {
  const tails = inputs.flatMap(({ data }) => (Buffer.isBuffer(data) ? [data] : []));
  const described = inputs.map(({ data, ...rest }) =>
    Buffer.isBuffer(data) ? { ...rest, parameters: { binary_data_size: data.length } } : { ...rest, data },
  );
  const json = Buffer.from(JSON.stringify({ inputs: described, ...more }));
  return {
    body: Buffer.concat([json, ...tails]),
    headers: tails.length > 0 ? { 'inference-header-content-length': String(json.length) } : {},
  };
}

/** Sends bytes without any content type and reads the answer, binary or not. */
export async function sendBytes(
  service: TestService,
  path: string,
  body: Buffer,
  headers: Record<string, string> = {},
): Promise<BinaryAnswer> {
  const response = await fetch(service.url + path, { method: 'POST', headers, body: new Uint8Array(body) });
  const answer = Buffer.from(await response.arrayBuffer());
  const length = Number(response.headers.get('inference-header-content-length') ?? answer.length);
  const parsed = JSON.parse(answer.subarray(0, length).toString());
  const bytes: Record<string, Buffer> = {};
  let offset = length;
  for (const { name, parameters } of parsed.outputs ?? []) {
    if (parameters?.binary_data_size === undefined) continue;
    bytes[name] = answer.subarray(offset, offset + parameters.binary_data_size);
    offset += parameters.binary_data_size;
  }
  return { status: response.status, headers: response.headers, body: parsed, bytes };
}
