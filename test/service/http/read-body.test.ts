import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { createBodyBudget } from '../../../service/http/body-budget.js';
import { readJson } from '../../../service/http/read-body.js';

const BODIES = createBodyBudget({ maxBytes: 1e7, totalBytes: 1e9 });

function read(body: string | Buffer, headers: Record<string, string> = {}): Promise<unknown> {
  const rawHeaders = Object.entries(headers).flat();
  return readJson(
    Object.assign(Readable.from([Buffer.from(body)]), { rawHeaders }) as unknown as IncomingMessage,
    BODIES,
  );
}

test('refuses what is nested too deep in a large body before parsing it', async () => {
  const problem = { status: 400, code: 'invalid_request', reason: 'wrong_shape' };
  const message = 'nests deeper than 32 levels; a request has 3 at most';
  for (const deep of ['['.repeat(4_000_000), `{"a":${'{"a":['.repeat(40)}"${' '.repeat(70_000)}"`]) {
    await expect(read(deep)).rejects.toMatchObject({ ...problem, details: { errors: [{ path: '', message }] } });
  }
});

test('refuses an object with a great many fields in a large body before parsing it', async () => {
  const object = (fields: number) => `{"a":[{${Array.from({ length: fields }, (_, i) => `"x${i}":1`).join(',')}}]}`;
  const message = 'holds an object with more than 10000 fields';
  await expect(read(object(10_001))).rejects.toMatchObject({
    status: 400,
    details: { errors: [{ path: '', message }] },
  });
  expect(await read(object(10_000))).toHaveProperty('a');
});

test('takes large bodies with brackets in strings and many values side by side', async () => {
  const text = ['['.repeat(50), '"{'.repeat(50), '\\', '\\"['.repeat(50)];
  const body = { instances: Array.from({ length: 2_000 }, () => ({ a: [text[0]], '{[': text })) };
  expect(JSON.stringify(body).length).toBeGreaterThan(65_536);
  expect(await read(JSON.stringify(body))).toEqual(body);
  expect(await read(`${'['.repeat(32)}"${'['.repeat(70_000)}"${']'.repeat(32)}`)).toHaveLength(1);
});

test('takes identity in any case, and an empty encoding, as plain', async () => {
  for (const encoding of ['identity', 'Identity', 'IDENTITY', '', ' ']) {
    expect(await read('{"a":1}', { 'content-encoding': encoding })).toEqual({ a: 1 });
  }
  await expect(read('{}', { 'content-encoding': 'GZip' })).rejects.toMatchObject({
    status: 415,
    message: 'content-encoding "GZip" is not read; send plain JSON',
  });
});

test('skips a byte order mark', async () => {
  expect(await read('\ufeff{"a":1}')).toEqual({ a: 1 });
  await expect(read('\ufeff')).rejects.toThrow('the body is empty');
});
