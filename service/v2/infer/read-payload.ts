import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { ServiceError } from '../../errors.js';
import { type BodyBudget, tooLarge } from '../../http/body-budget.js';
import { malformed, parseJson, readBody } from '../../http/read-body.js';

/** The body of an inference request: its JSON, and the bytes of its binary tensors (empty where there are none). */
export interface Payload {
  json: unknown;
  binary: Buffer;
}

const HEADER = 'inference-header-content-length';
const DECODERS = { gzip: promisify(gunzip), deflate: promisify(inflate) };

/**
 * Reads a body whatever content type it claims, gzip and deflate included, and splits it where the header
 * `Inference-Header-Content-Length` says that its JSON ends.
 * @throws ServiceError  413 above `bodies.maxBytes` (compressed or not), 415 for another encoding, 400 for what is broken
 */
export async function readPayload(request: IncomingMessage, bodies: BodyBudget): Promise<Payload> {
  const sent = await readBody(request, bodies);
  const body = await decode(sent, request.headers['content-encoding'], bodies.maxBytes);
  if (body !== sent) bodies.take(request, body.length);
  const header = request.headers[HEADER];
  if (header === undefined) return { json: parseJson(body), binary: Buffer.alloc(0) };
  const text = String(header);
  const length = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(length >= 1 && length <= body.length)) {
    const shown = JSON.stringify(text.slice(0, 50));
    throw malformed(`${HEADER} is ${shown}, wanted the length of the JSON: 1 to ${body.length} (the whole body)`);
  }
  return { json: parseJson(body.subarray(0, length)), binary: body.subarray(length) };
}

async function decode(body: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  const name = encoding?.trim().toLowerCase() ?? 'identity';
  if (name === 'identity' || name === '') return body;
  if (name !== 'gzip' && name !== 'deflate') {
    const shown = JSON.stringify(name.slice(0, 50));
    throw new ServiceError(415, 'unsupported_encoding', `content-encoding ${shown} is not read; send gzip or deflate`);
  }
  try {
    return await DECODERS[name](body, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw malformed(`the body is not ${name}, as its content-encoding says: ${(error as Error).message}`);
  }
}
