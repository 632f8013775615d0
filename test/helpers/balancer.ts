import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ask } from './service-process.js';

/** A load balancer of the simplest kind. */
export interface Balancer {
  port: number;
  /** Backends that were ready when they were asked last. */
  ready(): number[];
  close(): Promise<void>;
}

/**
 * Passes connections, byte for byte, to those of the ports that say they are ready, in turn. It asks each every
 * `probeMs` and tries nothing again: a backend that closes a connection closes the client's.
 */
export async function startBalancer(ports: number[], probeMs: number): Promise<Balancer> {
  let ready: number[] = [];
  let turn = 0;
  let running = true;
  const sockets = new Set<Socket>();
  const isReady = async (port: number): Promise<boolean> =>
    ask(port, { path: '/v2/health/ready' }).then(
      ({ status }) => status === 200,
      () => false,
    );
  const probe = async (): Promise<void> => {
    while (running) {
      const answers = await Promise.all(ports.map(isReady));
      ready = ports.filter((_, i) => answers[i]);
      await delay(probeMs);
    }
  };
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: ready[turn++ % ready.length] ?? 0, host: '127.0.0.1', allowHalfOpen: true });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroySoon();
      });
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const probing = probe();
  return {
    port: (server.address() as { port: number }).port,
    ready: () => ready,
    close: async () => {
      running = false;
      await probing;
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
