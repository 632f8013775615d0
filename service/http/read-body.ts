import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../errors.js';
import { locateJsonError } from './locate-json-error.js';
import { refuseHeavyBody } from './refuse-heavy-body.js';

const PLAIN: ReadonlySet<string> = new Set(['', 'identity']);

/**
 * Reads and parses the JSON body of a request, whatever content type it claims.
 * @throws ServiceError  413 above `maxBytes`, 415 for a compressed body, 400 with line and column for broken JSON, or
 *   for a large body of a shape that no request has
 */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const encoding = request.headers['content-encoding'];
  // Names of codings have no case (RFC 9110, section 8.4.1).
  if (encoding !== undefined && !PLAIN.has(encoding.trim().toLowerCase())) {
    throw new ServiceError(415, 'unsupported_encoding', `content-encoding "${encoding}" is not read; send plain JSON`);
  }
  return parseJson(await readBody(request, maxBytes));
}

/** Parses bytes as JSON. @throws ServiceError  400 with line and column where they are none */
export function parseJson(bytes: Buffer): unknown {
  const body = withoutByteOrderMark(bytes);
  if (body.length === 0) throw malformed('the body is empty; send a JSON object');
  if (!isUtf8(body)) throw malformed('the body is not UTF-8 text; JSON must be');
  refuseHeavyBody(body);
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

/** A body above the limit is read to its end and dropped, within reason, so that the client comes to read the answer. */
const DROPPED_BYTES = 64 * 1024 * 1024;

/** The error for a body above the limit. */
export function tooLarge(maxBytes: number): ServiceError {
  return new ServiceError(413, 'body_too_large', `the body is larger than ${maxBytes} bytes; send fewer rows at once`);
}

/** Reads the bytes of a body. @throws ServiceError  413 above `maxBytes`, 400 when it breaks off */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const refuse = (): void => reject(tooLarge(maxBytes));
    let chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) return void chunks.push(chunk);
      chunks = [];
      if (size <= maxBytes + DROPPED_BYTES) return;
      refuse();
      request.destroy();
    });
    request.once('end', () => {
      if (size > maxBytes) refuse();
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    });
    request.once('error', (cause) => reject(new ServiceError(400, 'malformed_json', 'the body broke off', { cause })));
  });
}
