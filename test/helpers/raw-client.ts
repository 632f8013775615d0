import { connect, type Socket } from 'node:net';
import { until } from './until.js';

/** A connection that sends what it is told to, byte by byte, and keeps what comes back. */
export interface RawClient {
  socket: Socket;
  send(text: string): void;
  /** Everything that came so far. */
  received(): string;
  /** Waits until what came matches. */
  receives(pattern: RegExp): Promise<string>;
  /** Resolves with everything that came once the other side has closed. */
  closed: Promise<string>;
  isClosed(): boolean;
}

/** Opens a connection; errors of the connection count as its end. */
export function openRaw(port: number): RawClient {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let isClosed = false;
  socket.on('data', (data) => {
    text += data.toString('latin1');
  });
  socket.on('error', () => undefined);
  const closed = new Promise<string>((resolve) => {
    const end = (): void => {
      isClosed = true;
      resolve(text);
    };
    socket.once('end', end);
    socket.once('close', end);
  });
  return {
    socket,
    send: (data) => void socket.write(data),
    received: () => text,
    receives: async (pattern) => {
      await until(`${pattern} in ${JSON.stringify(text.slice(0, 200))}`, () => pattern.test(text));
      return text;
    },
    closed,
    isClosed: () => isClosed,
  };
}

/** A whole request as it goes over the wire. */
export function rawRequest(method: string, path: string, body = '', headers: Record<string, string> = {}): string {
  const lines = Object.entries({ host: 'x', 'content-length': String(Buffer.byteLength(body)), ...headers });
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}
