import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBodyBudget } from '../../../service/http/body-budget.js';
import { sendProblem, toServiceError } from '../../../service/http/problem.js';
import { readBody } from '../../../service/http/read-body.js';
import { createHttpServer, type HttpLimits } from '../../../service/http/server.js';
import { createServiceMetrics } from '../../../service/metrics/metrics.js';

const LIMITS: HttpLimits = {
  headTimeoutMs: 10_000,
  receiveTimeoutMs: 10_000,
  unreadMs: 10_000,
  keepAliveMs: 10_000,
  maxConnections: 100,
  maxRequestsPerConnection: 0,
};

/** A server on a free port that answers a body with its length, once `gate` opens. */
export async function startServer(
  change: Partial<HttpLimits> = {},
  options: { maxBytes?: number; totalBytes?: number; answer?: (length: number) => string | Buffer } = {},
) {
  const { maxBytes = 1_000, totalBytes = 1_000_000, answer = String } = options;
  const metrics = createServiceMetrics({ waitingRows: () => 0 });
  const bodies = createBodyBudget({ maxBytes, totalBytes });
  let gate: Promise<void> = Promise.resolve();
  let handled = 0;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const body = await readBody(request, bodies);
      handled++;
      await gate;
      response.end(answer(body.length));
    } catch (error) {
      metrics.invalid(toServiceError(error));
      sendProblem(response, toServiceError(error), { requestId: 'id', traceId: null });
    }
  };
  const http = createHttpServer({ handle, limits: { ...LIMITS, ...change }, bodies, refusals: metrics.refusals });
  await new Promise<void>((done) => http.server.listen(0, '127.0.0.1', done));
  return {
    port: (http.server.address() as AddressInfo).port,
    http,
    bodies,
    /** Requests whose body was read. */
    handled: () => handled,
    /** Keeps answers back until the function it gives is called. */
    hold: (): (() => void) => {
      let open = (): void => undefined;
      gate = new Promise((resolve) => {
        open = resolve;
      });
      return open;
    },
    refusals: async (reason: string): Promise<number> => {
      const text = await metrics.registry.metrics();
      return Number(new RegExp(`^http_refusals_total\\{reason="${reason}"\\} (\\d+)$`, 'm').exec(text)?.[1]);
    },
    close: () => http.drain({ lameDuckMs: 0, patienceMs: 0, deaf: false }),
  };
}

export type TestServer = Awaited<ReturnType<typeof startServer>>;
