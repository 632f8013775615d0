import { formatRequest, openConnection } from './connection.js';
import { isSuccess } from './summarise.js';

/** Requests sent one after the other. */
export interface RepeatedLoad {
  port: number;
  path: string;
  bodies: string[];
  /** Requests to send at most; without it, until `signal` is aborted. */
  requests?: number;
  signal?: AbortSignal;
}

/** What became of them. */
export interface RepeatedReport {
  requests: number;
  /** Answers with a status other than 2xx. */
  refused: number;
  seconds: number;
}

/** Sends the next request as soon as the last is answered, over one connection. @throws Error when the connection is lost */
export async function sendRepeated(load: RepeatedLoad): Promise<RepeatedReport> {
  const requests = load.bodies.map((body) => formatRequest(load.path, load.port, body));
  let onAnswer = (_status: number): void => undefined;
  let onLost = (_reason: string): void => undefined;
  const connection = await openConnection({
    port: load.port,
    onAnswer: (status) => onAnswer(status),
    onLost: (reason) => onLost(reason),
  });
  const report = { requests: 0, refused: 0, seconds: 0 };
  const startMs = performance.now();
  while (!load.signal?.aborted && report.requests < (load.requests ?? Infinity)) {
    const status = await new Promise<number>((resolve, reject) => {
      onAnswer = resolve;
      onLost = (reason) => reject(new Error(`after ${report.requests} answers: ${reason}`, { cause: 'load' }));
      connection.send(requests[report.requests % requests.length]!);
    });
    report.requests++;
    if (!isSuccess(status)) report.refused++;
  }
  connection.close();
  return { ...report, seconds: (performance.now() - startMs) / 1_000 };
}
