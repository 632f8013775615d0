import type { Measured } from '../../document/results-file.js';
import { shown, table } from '../../document/table.js';
import { atMost, type Figure } from '../../figure.js';
import type { MemoryFound } from './measure.js';

const WANTED_SWAPS_MEGABYTES = 50;
const WANTED_LOAD_PERCENT = 10;

/** Growth over swaps, and over time at full load. */
export function memoryFigures({ swaps, load }: MemoryFound): Figure[] {
  const [first, last] = [load[0]!, load.at(-1)!];
  return [
    ...swaps.map(({ title, memory }) => {
      const [before, after] = [memory[0]!, memory.at(-1)!];
      return atMost({
        what: `RSS after ${after.swaps} swaps less that after ${before.swaps} (${title})`,
        wanted: WANTED_SWAPS_MEGABYTES,
        measured: after.megabytes - before.megabytes,
        unit: 'MB',
      });
    }),
    atMost({
      what: `RSS after ${time(last.seconds)} of full load, growth since ${time(first.seconds)}`,
      wanted: WANTED_LOAD_PERCENT,
      measured: 100 * (last.megabytes / first.megabytes - 1),
      unit: '%',
    }),
  ];
}

/** Resident memory over swaps and over time. */
export function renderMemory(
  { swaps, load, loadRequestsPerSecond }: MemoryFound,
  measured: Measured<MemoryFound>,
): string {
  const numbers = swaps[0]!.memory.map((point) => point.swaps);
  const swapRows = swaps.map(({ title, memory, requests }) => [
    title,
    ...memory.map(({ megabytes }) => shown(megabytes)),
    shown(requests),
  ]);
  const swapHeader = ['swaps', ...numbers.map((n) => `RSS MB after ${n}`), 'requests meanwhile, none failed'];
  const loadRow = ['RSS MB', ...load.map(({ megabytes }) => shown(megabytes))];
  return `${table(swapHeader, swapRows)}

The model is swapped by a promotion in Postgres as soon as the last one is served, while 200 requests a second are sent.

${table(['full load for', ...load.map(({ seconds }) => time(seconds))], [loadRow])}

At ${shown(loadRequestsPerSecond)} requests/s over ${measured.stamp.plan.connections} connections.`;
}

function time(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
