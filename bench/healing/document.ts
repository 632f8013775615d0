import { shown, table } from '../document/table.js';
import type { Figure } from '../figure.js';
import { healingFigures, healingSeconds, p99Growth } from './figures.js';
import type { Healing } from './heal.js';
import { type HealingPlan, MOST_GROWTH, REQUESTS_PER_SECOND } from './plan.js';
import type { ExampleResult, HealingResults } from './results.js';

/** The text of docs/benchmarks-healing.md. */
export function renderHealing(results: HealingResults, plans: readonly HealingPlan[]): string {
  const measured = plans.flatMap((plan) => {
    const result = results[plan.example.name];
    return result ? [{ plan, result }] : [];
  });
  const loops = measured.flatMap(({ plan, result }) =>
    result.loops.map((loop, i) => ({ name: `${plan.example.name} ${i + 1}`, loop })),
  );
  const rows = (row: (name: string, loop: Healing) => string[]): string[][] =>
    loops.map(({ name, loop }) => row(name, loop));
  const sections = [
    '# Benchmarks: from an alert to a promoted model',
    INTRODUCTION,
    figuresTable(healingFigures(results, plans)),
    SWAPS,
    ...(measured.length === 0
      ? []
      : [
          JUDGED,
          '## Where the time goes',
          table(TIMES, rows(timesRow)),
          STEPS,
          '## What was learned',
          table(LEARNED, rows(learnedRow)),
          TRIALS,
          ...measured.map(({ plan, result }) => told(plan, result)),
          '## Serving meanwhile',
          table(GROWTH, measured.map(growthRow)),
          table(SERVING, rows(servingRow)),
          LOAD,
          '## Machine',
          machines(measured),
        ]),
  ];
  return `${sections.join('\n\n')}\n`;
}

const INTRODUCTION =
  'Made by `npm run bench:healing`; not written by hand. Everything is real: the publisher’s file, `plumbline up` with its Postgres, service, monitor and trainer, the monitor’s own alert, the built-in trainer. Wall-clock times move with the machine and with what else it does.';
const SWAPS =
  'That no answer fails and none is mixed of two versions over 100 promotions and rollbacks under load is held by `test/end-to-end/promotions.test.ts`, whose clients compare every answer with what the version it names computes.';
const JUDGED =
  'The time is that of the slowest loop. The growth of p99 is that of all loops of an example as one: p99 of all requests that were due while the training command ran, against p99 of all that were due beside the same traffic before the alert and after the promotion; it is judged from 1,000 requests during training up, and of 1,000 only ten are slower than p99, so it is a rough figure. Below 1 × the traffic apart from the training slowed answers more than the training did. Against the steady load alone p99 grew by more, since the traffic is in it too. Failed: requests of the steady load that got no answer or an error, and rows of the traffic with outcomes that were refused or lost, in all loops.';

const TIMES = 'loop,alert,delivery,queue,dataset,training,comparison,promotion,in all,until served'.split(',');
const STEPS =
  'In seconds, as `training_runs`, the experiment record and the audit trail have them. *Alert*: the one whose run was promoted, of those that fired. *Delivery*: from `startsAt` of the alert until the trainer has stored it. *Queue*: until a worker takes the job. *Dataset*: guards, reading the labelled rows, putting them together, writing them for the command. *Training*: from the start of the training command to its end. *Comparison*: on the held-out rows, with all checks, until the challenger is registered with its new reference. *Promotion*: until the champion pointer has moved. *Until served*: from there until the service was seen to answer with it, by a look every 0.2 s.';
const LEARNED = 'loop,recent rows,reference rows,learned,held out,trials,given up early,seconds of trials'.split(',');
const TRIALS =
  'A trial that is given up early was worse on the first fold than half of those before it. Seconds of trials: of all of them one after the other; two threads share them. A training without a search has one.';
const SERVING =
  'loop,alone,beside traffic,while training,alert to promotion,requests,requests while training,priority'.split(',');
const GROWTH = 'example,p99 alone,p99 beside traffic,requests,p99 while training,requests,p99 grew by'.split(',');
const LOAD = `p50 and p99 of single-row requests in ms: ${REQUESTS_PER_SECOND} a second at even spaces whether or not answers come (an open loop, latency counted from when a request was due), from before the change until after the promotion. That is a small part of what the service can answer (docs/benchmarks.md), so what grows is the wait for a processor. *Alone*: before the change. *Beside traffic*: of the changed rows with outcomes, before the alert and after the promotion; that traffic goes on through the training. *Priority*: nice values of the threads of the training command and of their session (autogroup, where Linux keeps one), as read from /proc; the service has 0.`;

function machines(measured: readonly { plan: HealingPlan; result: ExampleResult }[]): string {
  const header = ['example', 'measured', 'commit', 'machine', 'Node', 'load average at start'];
  const rows = measured.map(({ plan, result: r }) => [
    ...[plan.example.name, `${r.measuredAt.slice(0, 16).replace('T', ' ')} UTC`, r.commit],
    ...[`${r.processor}, ${r.cores} cores`, r.node, r.loadAverage],
  ]);
  return table(header, rows, [0, 1, 2, 3, 4, 5]);
}

function told(
  { example, trials, recentRows, windowRows, rowsPerSecond, rows }: HealingPlan,
  { loops }: ExampleResult,
): string {
  const set = [
    ...(recentRows === undefined ? [] : [`\`minimumOutcomes\` and \`maximumRows: ${recentRows}\``]),
    ...(trials === undefined ? [] : [`\`training.trials: ${trials}\``]),
  ];
  const manifest = set.length === 0 ? 'its own manifest' : `its own manifest but for ${set.join(' and ')}`;
  const taken = rows === undefined ? 'all rows' : `${rows.toLocaleString('en-US')} rows`;
  const share = Math.round(example.referenceShare * 75);
  return `**${example.name}**: ${taken} of \`${example.published.file}\`, ${share} % of the distinct ones the champion’s reference; ${manifest}. Calm rows are those that the champion has not learned. Then every row of the file is sent under the scenario \`sudden-shift\`, ${rowsPerSecond} a second with outcomes a second later, beside the steady load of the same kind without outcomes; a window of the monitor is ${windowRows.toLocaleString('en-US')} rows. An alert on drift comes once two windows have drifted, one on performance with the first whose outcomes show the loss. Decided: ${loops[0]!.reason}.`;
}

function figuresTable(figures: Figure[]): string {
  const rows = figures.map(({ what, wanted, measured, unit, met }) => [
    ...[what, wanted, measured === undefined ? 'not measured' : `${shown(measured)} ${unit}`],
    met === undefined ? '' : met ? 'met' : '**not met**',
  ]);
  return table(['figure', 'wanted', 'measured', ''], rows, [0, 3]);
}

function timesRow(name: string, loop: Healing): string[] {
  const { alert, received, taken, trainingBegan, trainingEnded, compared, promoted } = loop.timeline;
  const between = (from: Date, to: Date): string => seconds(Math.max(0, to.getTime() - from.getTime()) / 1_000);
  const steps = [alert, received, taken, trainingBegan, trainingEnded, compared, promoted];
  const times = steps.slice(1).map((to, i) => between(steps[i]!, to));
  if (loop.waited) times[2] = `${times[2]} with a wait for outcomes`;
  return [name, loop.alertName, ...times, seconds(healingSeconds(loop)), between(promoted, loop.served)];
}

function learnedRow(name: string, { recentRows, referenceRows, heldOutRows, trials }: Healing): string[] {
  const whole = [recentRows, referenceRows, recentRows + referenceRows, heldOutRows].map((n) =>
    n.toLocaleString('en-US'),
  );
  const { complete, pruned } = trials;
  return [name, ...whole, String(complete + pruned), String(pruned), seconds(trials.seconds)];
}

function servingRow(name: string, loop: Healing): string[] {
  const { alone, apart, training, whole, requests, priorities } = loop;
  const latencies = [alone, apart, training, whole].map(({ p50Ms, p99Ms }) => `${shown(p50Ms)}; ${shown(p99Ms)}`);
  const sent = [requests, training.requests].map((n) => n.toLocaleString('en-US'));
  return [name, ...latencies, ...sent, priorities.join(', ') || 'not seen'];
}

function growthRow({ plan, result }: { plan: HealingPlan; result: ExampleResult }): string[] {
  const { aloneMs, apartMs, apartRequests, trainingMs, trainingRequests, times, isJudged } = p99Growth(result.loops);
  const judged = `${shown(times)} ×${!isJudged ? ' (too few)' : times > MOST_GROWTH ? ' (**over**)' : ''}`;
  const [apart, training] = [apartRequests, trainingRequests].map((n) => n.toLocaleString('en-US'));
  return [plan.example.name, shown(aloneMs), shown(apartMs), apart!, shown(trainingMs), training!, judged];
}

function seconds(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}
