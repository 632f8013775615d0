import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AlertmanagerPayload } from '../../../core/alerts/payload.js';

/** A webhook on loopback that keeps what it is sent. */
export interface Webhook {
  url: string;
  received: {
    authorization: string | undefined;
    contentType: string | undefined;
    traceparent: string | undefined;
    payload: AlertmanagerPayload;
  }[];
  /** Status of the next answers. */
  status: number;
  close(): Promise<void>;
}

/** Starts one. */
export async function startWebhook(): Promise<Webhook> {
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    webhook.received.push({
      authorization: request.headers.authorization,
      contentType: request.headers['content-type'],
      traceparent: request.headers.traceparent as string | undefined,
      payload: JSON.parse(Buffer.concat(chunks).toString()),
    });
    response.writeHead(webhook.status).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const webhook: Webhook = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/alerts`,
    received: [],
    status: 202,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return webhook;
}
