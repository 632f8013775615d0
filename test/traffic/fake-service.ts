import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOn } from '../../core/http/listen.js';
import type { Instance } from '../../core/manifest/manifest.js';
import type { ModelDescription } from '../../traffic/model-description.js';

/** An outcome as it arrived. */
export interface ReceivedOutcome {
  prediction_id: string;
  actual: string | number;
  observed_at: string;
}

/** What the service does with a predict or outcomes request: answers, refuses, answers nonsense, or cuts the line. */
export type Behaviour = 'answer' | 'cut' | { status: number; retryAfter?: string; body?: string };

/** A small HTTP server that speaks the service's part of the protocol and remembers what it was sent. */
export interface FakeService {
  url: string;
  /** Acknowledged instances by id, in order. */
  predictions: Map<string, Instance>;
  outcomes: ReceivedOutcome[];
  /** Rows a predict request, in order of arrival, refused ones too. */
  requestRows: number[];
  /** Decides by kind and number of the request (from 0, counted by kind). */
  behave(kind: 'predict' | 'outcomes', request: number): Behaviour | Promise<Behaviour>;
  version: number;
  close(): Promise<void>;
}

/** Starts one on a free port of the loopback address. */
export async function startFakeService(model: ModelDescription): Promise<FakeService> {
  const requests = { predict: 0, outcomes: 0 };
  const server = createServer((request, response) => void handle(request, response));
  const port = await listenOn(server, { host: '127.0.0.1', port: 0, setting: 'none' });
  const service: FakeService = {
    url: `http://127.0.0.1:${port}`,
    predictions: new Map(),
    outcomes: [],
    requestRows: [],
    behave: () => 'answer',
    version: 1,
    close: () => new Promise((resolve) => server.close(() => resolve()) && server.closeAllConnections()),
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readJson(request);
    if (request.url === `/v1/models/${model.name}`) return answer(response, 200, model);
    const kind = /\/(predict|outcomes)$/.exec(request.url ?? '')?.[1] as 'predict' | 'outcomes' | undefined;
    if (!kind || !request.url?.startsWith(`/v1/models/${model.name}/`)) return answer(response, 404, {});
    if (kind === 'predict') service.requestRows.push((body as { instances: Instance[] }).instances.length);
    const behaviour = await service.behave(kind, requests[kind]++);
    if (behaviour === 'cut') return void request.socket.destroy();
    if (behaviour !== 'answer') {
      if (behaviour.retryAfter !== undefined) response.setHeader('retry-after', behaviour.retryAfter);
      return void response.writeHead(behaviour.status).end(behaviour.body);
    }
    if (kind === 'predict') return answer(response, 200, predict((body as { instances: Instance[] }).instances));
    service.outcomes.push(...(body as { outcomes: ReceivedOutcome[] }).outcomes);
    answer(response, 202, { accepted: (body as { outcomes: ReceivedOutcome[] }).outcomes.length });
  }

  function predict(instances: Instance[]): unknown {
    const predictions = instances.map((instance) => {
      const id = `id-${service.predictions.size}`;
      service.predictions.set(id, instance);
      return { id, label: model.classes[0] };
    });
    return { predictions, model: { name: model.name, version: service.version } };
  }
  return service;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown) : undefined;
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
