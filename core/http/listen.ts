import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Starts listening. @returns the port that was bound
 * @throws Error that names the setting to change when the port is taken or may not be used
 */
export async function listenOn(
  server: Server,
  options: { host: string; port: number; setting: string },
): Promise<number> {
  const { host, port, setting } = options;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reasons: Record<string, string> = {
        EADDRINUSE: `port ${port} on ${host} is taken by another program; stop it, or set ${setting} to another port`,
        EACCES: `this user may not listen on port ${port}; set ${setting} to a port above 1023`,
        EADDRNOTAVAIL: `${host} is not an address of this machine; change ${setting.replace('PORT', 'HOST')}`,
      };
      reject(
        new Error(reasons[error.code ?? ''] ?? `cannot listen on ${host}:${port}: ${error.message}`, { cause: error }),
      );
    });
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Finds out early that a port is taken. @throws Error as `listenOn` does */
export async function assertPortFree(options: { host: string; port: number; setting: string }): Promise<void> {
  const probe = createServer();
  await listenOn(probe, options);
  await new Promise((resolve) => probe.close(resolve));
}
