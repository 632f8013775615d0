import { scaleLinear } from 'd3-scale';
import { curveStepAfter, line, symbol, symbolCircle, symbolTriangle } from 'd3-shape';
import { isLoss } from '../../core/training/sort-trials.js';
import type { TrialRecord } from '../../core/training/trials.js';
import { figure } from '../html/format.js';
import { type Html, html } from '../html/html.js';
import { at, type Frame, horizontalAxis, horizontalGrid, picture } from './frame.js';

const FRAME: Frame = { width: 400, height: 170, left: 38, right: 394, top: 10, bottom: 148 };

type Scored = TrialRecord & { score: number };

/** The metric of each trial of a search in their order, and the best so far as a line; trials without a metric are left out. */
export function trialsChart(trials: TrialRecord[]): Html {
  const scored = trials.filter((trial): trial is Scored => trial.score !== null);
  const metric = (scored[0]?.metric ?? 'metric').replaceAll('_', ' ');
  const label = `${metric} of ${scored.length} trials, in their order, and the best so far`;
  if (scored.length === 0) {
    return picture(FRAME, label, html`<text x="200" y="80" text-anchor="middle">no trial has a metric</text>`);
  }
  const numbers = scored.map((trial) => trial.number);
  const scores = scored.map((trial) => trial.score);
  const x = scaleLinear(
    [Math.min(...numbers), Math.max(...numbers, Math.min(...numbers) + 1)],
    [FRAME.left + 8, FRAME.right - 8],
  );
  const y = scaleLinear(spread(scores), [FRAME.bottom - 6, FRAME.top]).nice(4);
  const path = line<[number, number]>(
    ([number]) => x(number),
    ([, score]) => y(score),
  )
    .digits(1)
    .curve(curveStepAfter)([...bestSoFar(scored), ...lastOf(scored)]);
  return picture(FRAME, label, [
    horizontalGrid(
      FRAME,
      y.ticks(4).map((tick) => ({ y: y(tick), text: figure(tick) })),
    ),
    html`<path class="best-line" d="${path ?? ''}" />`,
    scored.map((trial) => mark(trial, x(trial.number), y(trial.score))),
    horizontalAxis(
      FRAME,
      x
        .ticks(6)
        .filter(Number.isInteger)
        .map((tick) => ({ x: x(tick), text: String(tick) })),
    ),
  ]);
}

/** The ends of an axis; of one value both would be the same. */
function spread(scores: number[]): [number, number] {
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  return low === high ? [low - Math.abs(low || 1) * 0.05, high + Math.abs(high || 1) * 0.05] : [low, high];
}

/** Trials that were better than all before them, given up ones apart. */
function bestSoFar(scored: Scored[]): [number, number][] {
  const steps: [number, number][] = [];
  for (const { number, score, metric, state } of scored) {
    const best = steps.at(-1)?.[1];
    const better = best === undefined || (isLoss(metric) ? score < best : score > best);
    if (state === 'complete' && better) steps.push([number, score]);
  }
  return steps;
}

function lastOf(scored: Scored[]): [number, number][] {
  const best = bestSoFar(scored).at(-1);
  return best ? [[scored.at(-1)!.number, best[1]]] : [];
}

function mark({ number, score, family, state }: Scored, x: number, y: number): Html {
  const complete = state === 'complete';
  const shape = symbol(complete ? symbolCircle : symbolTriangle, complete ? 26 : 22).digits(1)();
  const words = `trial ${number}, ${family}: ${figure(score)}${complete ? '' : `, ${state}`}`;
  return html`<path class="trial ${state}" d="${shape ?? ''}" transform="translate(${at(x)},${at(y)})"><title>${words}</title></path>`;
}
