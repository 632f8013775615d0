import { cpus } from 'node:os';
import { wilsonInterval } from '../../monitor/statistics/wilson-interval.js';
import { table } from '../document/table.js';
import { KINDS } from './kinds.js';
import type { LoopResult } from './simulated-loop.js';

/** By name of a kind, how its loops ended. */
export type LoopResults = Map<string, LoopResult[]>;

/** A promotion is wrong where the challenger is truly worse by more than this. */
export const MARGIN = 0.01;
const MOST_WRONG = 0.01;
const LEAST_RECOVERED = 0.9;
/** Kinds in which what the features mean has changed. */
const TO_RECOVER = ['concept drift', 'changed meaning', 'reversed meaning'];

/** What the loops of one kind come to. */
interface Tally {
  loops: number;
  alerted: number;
  broken: number;
  leftOut: number;
  promoted: number;
  wrong: number;
  /** Lost accuracy that the loop won back, over all loops; undefined where none was lost. */
  recovered: number | undefined;
}

/** Counts how the loops of a kind ended; a champion that stays recovers nothing. */
export function tally(results: LoopResult[]): Tally {
  const promoted = results.filter(({ decision }) => decision === 'promote');
  const gain = promoted.reduce((sum, { champion, challenger }) => sum + challenger! - champion, 0);
  const lost = results.reduce((sum, { before, champion }) => sum + before - champion, 0);
  return {
    loops: results.length,
    alerted: results.filter(({ alerted }) => alerted).length,
    broken: results.filter(({ looksBroken }) => looksBroken).length,
    leftOut: results.filter(({ referenceLeftOut }) => referenceLeftOut).length,
    promoted: promoted.length,
    wrong: promoted.filter(({ champion, challenger }) => champion - challenger! > MARGIN).length,
    recovered: lost / results.length > MARGIN ? gain / lost : undefined,
  };
}

/** Figures that were not reached, in words. */
export function missedFigures(results: LoopResults): string[] {
  return [...results].flatMap(([name, loops]) => {
    const { wrong, broken, recovered } = tally(loops);
    const missed: string[] = [];
    if (wrong / loops.length > MOST_WRONG) missed.push(`${name}: ${wrong} of ${loops.length} promotions are wrong`);
    if (name === 'broken data' && broken < loops.length) missed.push(`${name}: ${loops.length - broken} loops trained`);
    if (TO_RECOVER.includes(name) && (recovered ?? 0) < LEAST_RECOVERED)
      missed.push(
        `${name}: ${percent(recovered ?? 0)} of the lost accuracy recovered, ${percent(LEAST_RECOVERED)} wanted`,
      );
    return missed;
  });
}

/** The text of docs/benchmarks-loop.md. */
export function renderLoops(results: LoopResults, run: { seed: number; seconds: number }): string {
  const rows = [...results].map(([name, loops]) => {
    const { alerted, broken, leftOut, promoted, wrong, recovered } = tally(loops);
    const { low, high } = wilsonInterval(wrong, loops.length);
    return [
      name,
      String(loops.length),
      String(alerted),
      String(broken),
      String(leftOut),
      String(promoted),
      `${wrong} (${percent(low)} to ${percent(high)})`,
      recovered === undefined ? '–' : percent(recovered),
    ];
  });
  const header = [
    'kind',
    'loops',
    'alerted',
    'held as broken data',
    'reference left out',
    'promoted',
    'wrong promotions, 95 % interval',
    'lost accuracy recovered',
  ];
  const sections = [
    '# Benchmarks: what the loop does to a model',
    `Made by \`npm run bench:loop\`; not written by hand. Each loop trains a champion with the built-in learner, lets its world change, has the monitor's code decide three windows and judge by outcomes whether the champion does worse, and, unless the newest looks like broken data, has the trainer's code put a dataset together, train, compare and decide, whether the monitor alerted or not. Everything is drawn from a seed (${run.seed}).`,
    table(header, rows),
    `Wrong: the challenger's true accuracy, on fresh rows with true outcomes, is more than ${MARGIN} below the champion's. Recovered: what promotions won of the accuracy that the change cost, over all loops of the kind, those that kept the champion included.`,
    ...missedFigures(results).map((figure) => `Not met: ${figure}.`),
    KINDS.map(({ name, what }) => `- *${name}*: ${what}.`).join('\n'),
    `Measured with Node ${process.version} on ${cpus()[0]?.model.trim() ?? 'an unknown processor'} in ${Math.round(run.seconds)} s.`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
