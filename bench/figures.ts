import type { InferenceAlone } from './floor/session-run.js';
import { median } from './median.js';
import { type ContestantResult, type Medians, mediansOf } from './results.js';

/** A figure to reach, and what was measured. */
export interface Figure {
  what: string;
  wanted: string;
  /** Undefined when a server it compares with was not measured. */
  measured: number | undefined;
  /**
   * The same from CPU time a request: what it would be if each server had its core to itself and waited for nothing.
   * Undefined for latencies.
   */
  byCpu: number | undefined;
  /** What a server at the composed floor would reach, from CPU time: more than this nobody can. Ratios to peers only. */
  atFloor: number | undefined;
  unit: '×' | '%';
  met: boolean | undefined;
}

/** How many times as many requests a second as each peer are wanted. */
const WANTED_RATIOS: Readonly<Record<string, number>> = {
  'fastapi-insert': 9,
  fastapi: 5,
  mlserver: 14,
  bentoml: 25,
  flask: 28,
};
const WANTED_FLOOR_PERCENT = 80;
const WANTED_SINGLE = 1.3;
const WANTED_PACED = 5;
/** Rows of the batch that the composed floor counts with: one a connection. */
const FLOOR_BATCH = 32;

/** What onnxruntime alone took: medians over the rounds, in microseconds a run, by rows of the run. */
export function runMedians(rounds: readonly InferenceAlone[]): Record<number, number> {
  const batches = Object.keys(rounds[0]?.runUs ?? {}).map(Number);
  return Object.fromEntries(batches.map((rows) => [rows, median(rounds.map((round) => round.runUs[rows]!))]));
}

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

/** The figures to reach, each with what was measured. */
export function figures(results: readonly ContestantResult[], inference: readonly InferenceAlone[]): Figure[] {
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
    atMost({
      what: 'one connection: p50 against bare echo + one `session.run`',
      wanted: WANTED_SINGLE,
      measured: ours && echo && ours.singleP50Ms / (echo.singleP50Ms + runUs[1]! / 1_000),
      unit: '×',
    }),
    atMost({
      what: 'half of the maximum rate: p99 against p50',
      wanted: WANTED_PACED,
      measured: ours && ours.pacedP99Ms / ours.pacedP50Ms,
      unit: '×',
    }),
  ];
}

interface Wanted {
  what: string;
  wanted: number;
  measured: number | undefined;
  byCpu?: number | undefined;
  atFloor?: number | undefined;
  unit: '×' | '%';
}

function atLeast({ wanted, measured, byCpu, atFloor, ...rest }: Wanted): Figure {
  const met = measured === undefined ? undefined : measured >= wanted;
  return { ...rest, wanted: `≥ ${wanted} ${rest.unit}`, measured, byCpu, atFloor, met };
}

function atMost({ wanted, measured, byCpu, atFloor, ...rest }: Wanted): Figure {
  const met = measured === undefined ? undefined : measured <= wanted;
  return { ...rest, wanted: `≤ ${wanted} ${rest.unit}`, measured, byCpu, atFloor, met };
}
