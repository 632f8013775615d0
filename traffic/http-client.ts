import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { keyHeader } from '../core/keys/header.js';

/** What came back: an HTTP answer, or why there was none (`ECONNREFUSED`, `ECONNRESET`, `timeout` …). */
export type HttpAnswer = { status: number; body: unknown; retryAfter?: string } | { failure: string };

/** JSON over kept-alive connections to one service. Its calls never reject: a failed connection is an answer too. */
export interface HttpClient {
  readonly baseUrl: string;
  get(path: string): Promise<HttpAnswer>;
  post(path: string, body: unknown): Promise<HttpAnswer>;
  close(): void;
}

/**
 * Creates a client. Built on node:http and not on fetch, which costs about twice the time a request.
 * @param options.timeoutMs  a connection that is silent for so long has failed
 * @param options.apiKey  sent as x-api-key with every request
 * @param options.url  such as http://127.0.0.1:8080; a path in it is kept as a prefix
 * @throws Error  the URL is not an http or https address
 */
export function createHttpClient(options: {
  url: string;
  connections: number;
  timeoutMs: number;
  apiKey?: string | undefined;
}): HttpClient {
  const base = parseUrl(options.url);
  const secure = base.protocol === 'https:';
  const pool = { keepAlive: true, maxSockets: options.connections };
  const agent = secure ? new HttpsAgent(pool) : new HttpAgent(pool);
  const request = secure ? httpsRequest : httpRequest;
  const prefix = base.href.replace(/\/+$/, '');

  const call = (method: string, path: string, payload?: string): Promise<HttpAnswer> =>
    new Promise((resolve) => {
      const headers = {
        'user-agent': 'plumbline-traffic',
        ...keyHeader(options.apiKey),
        ...(payload !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(payload),
        }),
      };
      const outgoing = request(`${prefix}${path}`, { method, agent, headers }, (incoming) => {
        readAnswer(incoming).then(resolve, (error: Error) => resolve({ failure: reasonOf(error) }));
      });
      const silent = Object.assign(new Error('no answer in time'), { code: 'timeout' });
      outgoing.setTimeout(options.timeoutMs, () => outgoing.destroy(silent));
      outgoing.on('error', (error) => resolve({ failure: reasonOf(error) }));
      outgoing.end(payload);
    });

  return {
    baseUrl: prefix,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, JSON.stringify(body)),
    close: () => agent.destroy(),
  };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new Error(`--url "${text}" is not an http address; write one such as http://127.0.0.1:8080`, { cause: text });
}

async function readAnswer(incoming: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const retryAfter = incoming.headers['retry-after'];
  const body = parseJson(Buffer.concat(chunks).toString('utf8'));
  return { status: incoming.statusCode ?? 0, body, ...(retryAfter !== undefined && { retryAfter }) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function reasonOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? 'connection failed';
}
