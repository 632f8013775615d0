import { atLeast, type Figure } from '../../figure.js';
import type { ServersFound } from './measure.js';
import { type Medians, mediansOf, runMedians } from './medians.js';

/** How many times as many requests a second as each peer are wanted. */
const WANTED_RATIOS: Readonly<Record<string, number>> = {
  'fastapi-insert': 9,
  fastapi: 5,
  mlserver: 14,
  bentoml: 25,
  flask: 28,
};
const WANTED_FLOOR_PERCENT = 80;
/** Rows of the batch that the composed floor counts with: one a connection. */
const FLOOR_BATCH = 32;

/**
 * The composed floor in requests/s: 1 / (time a request of the bare JSON echo + time a row of a `session.run` on 32
 * rows), what a server would reach that did nothing besides HTTP, JSON and the model.
 */
export function composedFloor(echoRequestsPerSecond: number, runUs: Readonly<Record<number, number>>): number {
  return 1 / (1 / echoRequestsPerSecond + rowUs(runUs) / 1e6);
}

function rowUs(runUs: Readonly<Record<number, number>>): number {
  return runUs[FLOOR_BATCH]! / FLOOR_BATCH;
}

/** Throughput against the peers and against the composed floor. */
export function serversFigures({ results, inference }: ServersFound): Figure[] {
  const of = (name: string): Medians | undefined => {
    const result = results.find((candidate) => candidate.name === name);
    return result && mediansOf(result);
  };
  const ours = of('plumbline');
  const echo = of('node-http');
  const runUs = runMedians(inference);
  const ratios = Object.entries(WANTED_RATIOS).map(([name, wanted]) => {
    const peer = of(name);
    const title = results.find((result) => result.name === name)?.title ?? name;
    const measured = ours && peer && ours.requestsPerSecond / peer.requestsPerSecond;
    const what = `requests/s against ${title.replace(/^the same/, 'FastAPI + onnxruntime')}`;
    const byCpu = ours && peer && peer.cpuUs / ours.cpuUs;
    const atFloor = peer && echo && peer.cpuUs / (echo.cpuUs + rowUs(runUs));
    return atLeast({ what, wanted, measured, byCpu, atFloor, unit: '×' });
  });
  return [
    ...ratios,
    atLeast({
      what: 'requests/s against the composed floor',
      wanted: WANTED_FLOOR_PERCENT,
      measured: ours && echo && (100 * ours.requestsPerSecond) / composedFloor(echo.requestsPerSecond, runUs),
      byCpu: ours && echo && (100 * (echo.cpuUs + rowUs(runUs))) / ours.cpuUs,
      unit: '%',
    }),
  ];
}
