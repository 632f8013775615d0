import { connect } from 'node:net';

/** A keep-alive connection that carries one request at a time. */
export interface Connection {
  /** Writes a whole request; `onAnswer` of `openConnection` is called once it is answered. */
  send(request: Buffer): void;
  close(): void;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Opens a connection to a local server. `onAnswer` gets the status of each answer; `onLost` why there will be no more.
 * @throws Error when it cannot be opened
 */
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
  let head = NOTHING;
  /** What is known of the answer under way once its head is there. */
  let answer: { status: number; missing: number; last: boolean } | undefined;
  const lost = (reason: string): void => {
    if (closing) return;
    closing = true;
    socket.destroy();
    options.onLost(reason);
  };
  socket.on('error', (error) => lost(error.message));
  socket.on('close', () => lost('the server closed a connection'));
  socket.on('data', (chunk) => {
    if (answer) answer.missing -= chunk.length;
    else {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const end = head.indexOf(HEAD_END);
      if (end === -1) return;
      const text = head.toString('latin1', 0, end);
      const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
      if (length === undefined) return lost(`an answer has no content-length: ${text.slice(0, 200)}`);
      const missing = Number(length) - (head.length - end - HEAD_END.length);
      answer = { status: Number(text.slice(9, 12)), missing, last: /\r\nconnection: *close/i.test(text) };
    }
    if (answer.missing > 0) return;
    const { status, last } = answer;
    head = NOTHING;
    answer = undefined;
    options.onAnswer(status);
    if (last) lost('the server closes connections after an answer');
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
