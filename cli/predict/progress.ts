import { Presets, SingleBar } from 'cli-progress';
import type { PredictProgress } from './predict-file.js';

/** Shows how far a run is. */
export interface ProgressBar {
  update(progress: PredictProgress): void;
  stop(): void;
}

const LINE_EVERY_MS = 5_000;

/** A progress bar on a terminal; elsewhere a line every five seconds. */
export function createProgressBar(options: {
  stream: NodeJS.WritableStream & { isTTY?: boolean };
  now(): number;
}): ProgressBar {
  return options.stream.isTTY ? createBar(options.stream) : createLines(options);
}

/** So that the bar moves on files of any size, it counts thousandths. */
const STEPS = 1_000;

function createBar(stream: NodeJS.WritableStream): ProgressBar {
  const format = '{bar} {percentage} % | {rows} rows, {failed} with errors | {eta_formatted} to go';
  const bar = new SingleBar({ format, stream, hideCursor: true, clearOnComplete: false }, Presets.shades_classic);
  bar.start(STEPS, 0, { rows: 0, failed: 0 });
  return {
    update: ({ share, rows, failed }) => bar.update(Math.floor(share * STEPS), { rows, failed }),
    stop: () => bar.stop(),
  };
}

function createLines({ stream, now }: Parameters<typeof createProgressBar>[0]): ProgressBar {
  let lastAt = now();
  return {
    update: ({ share, rows, failed }) => {
      if (now() - lastAt < LINE_EVERY_MS) return;
      lastAt = now();
      stream.write(`${Math.floor(share * 100)} %: ${rows} rows, ${failed} with errors\n`);
    },
    stop: () => undefined,
  };
}
