import { connect } from 'node:net';

/** A keep-alive connection that carries one request at a time. */
export interface Connection {
  /** Writes a whole request; `onAnswer` of `openConnection` is called once it is answered. */
  send(request: Buffer): void;
  close(): void;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** Opens a connection to a local server. `onAnswer` gets the status of each answer; `onLost` why there will be no more. */
export async function openConnection(options: {
  port: number;
  onAnswer: (status: number) => void;
  onLost: (reason: string) => void;
}): Promise<Connection> {
  const socket = connect({ port: options.port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  let closing = false;
  let received: Buffer = Buffer.alloc(0);
  const lost = (reason: string): void => {
    if (closing) return;
    closing = true;
    socket.destroy();
    options.onLost(reason);
  };
  socket.on('error', (error) => lost(error.message));
  socket.on('close', () => lost('the server closed a connection'));
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const headLength = received.indexOf(HEAD_END);
    if (headLength === -1) return;
    const head = received.toString('latin1', 0, headLength);
    const bodyLength = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (bodyLength === undefined) return lost(`an answer has no content-length: ${head.slice(0, 200)}`);
    if (received.length < headLength + HEAD_END.length + Number(bodyLength)) return;
    received = Buffer.alloc(0);
    options.onAnswer(Number(head.slice(9, 12)));
    if (/\r\nconnection: *close/i.test(head)) lost('the server closes connections after an answer');
  });
  return {
    send: (request) => void socket.write(request),
    close: () => {
      closing = true;
      socket.destroy();
    },
  };
}

/** A POST of a JSON body as it goes over the wire. */
export function formatRequest(path: string, port: number, body: string): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}
