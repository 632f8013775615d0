import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A network between a client and Postgres that can stop to deliver packets without closing anything. */
export interface SwallowingNetwork {
  /** The same database through this network. */
  url: string;
  /** From now on nothing is delivered, in either direction. */
  swallow(): void;
  /** Delivers on new connections; what was swallowed stays so. */
  deliver(): void;
  /** Connections that the client has open. */
  openConnections(): number;
  close(): Promise<void>;
}

/** Starts one on a free port, delivering. */
export async function startSwallowingNetwork(databaseUrl: string): Promise<SwallowingNetwork> {
  const target = new URL(databaseUrl);
  const open = new Map<Socket, Socket>();
  let swallowing = false;
  const swallowOn = (...sockets: Socket[]): void => {
    for (const socket of sockets) socket.removeAllListeners('data').resume();
  };
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    open.set(near, far);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (bytes: Buffer) => to.write(bytes));
      from.on('error', () => undefined);
      from.on('close', () => to.destroy());
    }
    near.on('close', () => open.delete(near));
    if (swallowing) swallowOn(near, far);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.toString(),
    swallow: () => {
      swallowing = true;
      for (const [near, far] of open) swallowOn(near, far);
    },
    deliver: () => {
      swallowing = false;
    },
    openConnections: () => open.size,
    close: async () => {
      for (const [near, far] of open) for (const socket of [near, far]) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
