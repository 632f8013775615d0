import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes what an OpenTelemetry exporter sends by HTTP, and keeps only how much it was. */
export interface Collector {
  url: string;
  /** Trace exports received so far. */
  exports(): number;
  stop(): Promise<void>;
}

/** Starts a collector in this process, so on the core of the load; it answers each export with an empty success. */
export async function startCollector(): Promise<Collector> {
  let exports = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (request.url === '/v1/traces') exports++;
      // An empty protobuf message and an empty JSON object both say that everything was taken.
      const json = request.headers['content-type']?.includes('json') === true;
      response.writeHead(200, { 'content-type': json ? 'application/json' : 'application/x-protobuf' });
      response.end(json ? '{}' : '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    exports: () => exports,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
