import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { type InSlices, inSlices } from '../../core/in-slices.js';
import { ClientGoneError, ServiceError } from '../errors.js';
import { type BodyBudget, declaredBytes, tooLarge } from './body-budget.js';
import { locateJsonError } from './locate-json-error.js';
import { parseInSlices } from './parse-in-slices.js';
import { readHeader } from './read-header.js';
import { refuseHeavyBody, SMALL_BYTES } from './refuse-heavy-body.js';

const PLAIN: ReadonlySet<string> = new Set(['', 'identity']);

/**
 * Reads and parses the JSON body of a request, whatever content type it claims; a large one in slices.
 * @throws ServiceError  what `readBody` throws, 415 for a compressed body, 400 with line and column for broken JSON, or
 *   for a large body of a shape that no request has
 */
export function readJson(
  request: IncomingMessage,
  bodies: BodyBudget,
  eachSlice: InSlices = inSlices,
): Promise<unknown> {
  const encoding = readHeader(request, 'content-encoding');
  // Names of codings have no case (RFC 9110, section 8.4.1).
  if (encoding !== undefined && !PLAIN.has(encoding.trim().toLowerCase())) {
    const message = `content-encoding "${encoding}" is not read; send plain JSON`;
    return Promise.reject(new ServiceError(415, 'unsupported_encoding', message));
  }
  return readWhole(request, bodies, (bytes) =>
    bytes.length <= SMALL_BYTES ? parseJson(bytes) : parseLarge(bytes, eachSlice),
  );
}

/** Parses bytes as JSON. @throws ServiceError  400 with line and column where they are none */
export function parseJson(bytes: Buffer): unknown {
  const body = checkText(bytes);
  refuseHeavyBody(body);
  return parseText(body);
}

async function parseLarge(bytes: Buffer, eachSlice: InSlices): Promise<unknown> {
  const body = checkText(bytes);
  return (await parseInSlices(body, eachSlice)) ?? parseText(body);
}

/** The body without its mark. @throws ServiceError  400 when it is empty or not UTF-8 */
function checkText(bytes: Buffer): Buffer {
  const body = withoutByteOrderMark(bytes);
  if (body.length === 0) throw malformed('the body is empty; send a JSON object');
  if (!isUtf8(body)) throw malformed('the body is not UTF-8 text; JSON must be');
  return body;
}

function parseText(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(`the body is not valid JSON: ${locateJsonError(text)}`);
  }
}

/** A parser may ignore the mark that some editors put before UTF-8 text (RFC 8259, section 8.1). */
function withoutByteOrderMark(body: Buffer): Buffer {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
}

/** The error for a body that cannot be read as what it should be. */
export function malformed(message: string): ServiceError {
  return new ServiceError(400, 'malformed_json', message);
}

/** What is left of a refused body is read and dropped, within reason, so that the client comes to read the answer. */
const DROPPED_BYTES = 64 * 1024 * 1024;

/**
 * Reads the bytes of a body, holding room for them in `bodies` until the request is over. A body that says its length
 * is refused before any of it is read.
 * @throws ServiceError  413 above `bodies.maxBytes`, 503 when all bodies together are too much, 408 when it is too slow,
 *   499 when the client breaks it off
 */
export function readBody(request: IncomingMessage, bodies: BodyBudget): Promise<Buffer> {
  return readWhole(request, bodies, (bytes) => bytes);
}

/** Reads a body and gives what `finish` makes of it: one promise for both. Rejects with what `finish` throws. */
function readWhole<T>(
  request: IncomingMessage,
  bodies: BodyBudget,
  finish: (bytes: Buffer) => T | Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const declared = declaredBytes(request, bodies.maxBytes);
    bodies.take(request, declared);
    let chunks: Buffer[] = [];
    let size = 0;
    const keep = (chunk: Buffer): void => {
      if (size > bodies.maxBytes) throw tooLarge(bodies.maxBytes);
      if (size > declared) bodies.take(request, chunk.length);
      chunks.push(chunk);
    };
    const drop = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > DROPPED_BYTES) request.destroy();
    };
    let refused = false;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      try {
        keep(chunk);
      } catch (error) {
        refused = true;
        chunks = [];
        bodies.release(request);
        request.off('data', onData);
        request.on('data', drop);
        reject(error);
      }
    };
    request.on('data', onData);
    request.on('end', () => {
      if (refused) return;
      try {
        resolve(finish(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
      } catch (error) {
        reject(error);
      }
    });
    request.on('error', (cause) => reject(cause instanceof ServiceError ? cause : new ClientGoneError(cause)));
  });
}
