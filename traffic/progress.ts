import { Presets, SingleBar } from 'cli-progress';
import { sumOf, type Tally } from './tally.js';

/** Shows how far a run is. */
export interface Progress {
  update(waitingOutcomes: number): void;
  stop(): void;
}

const LINE_EVERY_MS = 5000;

/**
 * A progress bar on a terminal; elsewhere a line every five seconds.
 * @param count  rows in all; Infinity: a line that is rewritten, without a bar
 */
export function createProgress(options: {
  stream: NodeJS.WritableStream & { isTTY?: boolean };
  tally: Tally;
  count: number;
  now(): number;
}): Progress {
  return options.stream.isTTY ? createBar(options) : createLines(options);
}

function describe(tally: Tally, waiting: number): string {
  const refused = sumOf(tally.refusedByStatus);
  const failed = sumOf(tally.failedByReason);
  return `acknowledged ${tally.acknowledged}, refused ${refused}, failed ${failed}, outcomes sent ${tally.outcomesSent}, waiting ${waiting}`;
}

function createBar({ stream, tally, count }: Parameters<typeof createProgress>[0]): Progress {
  const endless = count === Number.POSITIVE_INFINITY;
  const format = endless ? '{value} rows sent | {state}' : '{bar} {percentage} % | {value}/{total} rows | {state}';
  const bar = new SingleBar({ format, stream, hideCursor: true, clearOnComplete: false }, Presets.shades_classic);
  bar.start(endless ? 0 : count, 0, { state: '' });
  return {
    update: (waiting) => bar.update(tally.sent, { state: describe(tally, waiting) }),
    stop: () => bar.stop(),
  };
}

function createLines({ stream, tally, count, now }: Parameters<typeof createProgress>[0]): Progress {
  let lastAt = now();
  const total = count === Number.POSITIVE_INFINITY ? '' : ` of ${count}`;
  return {
    update: (waiting) => {
      if (now() - lastAt < LINE_EVERY_MS) return;
      lastAt = now();
      stream.write(`sent ${tally.sent}${total}, ${describe(tally, waiting)}\n`);
    },
    stop: () => undefined,
  };
}
