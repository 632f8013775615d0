import type { Queryable } from '../../../core/postgres/pool.js';
import type { RaisedAlert } from '../../alerts/decide-alerts.js';
import type { Traffic } from '../../charts/traffic-chart.js';
import type { SubjectReport } from '../../reports/report.js';
import { psiExcess } from '../../verdicts/psi-excess.js';
import { loadNewestWindows, type StoredWindow, type VersionSeries } from '../../verdicts/stored.js';
import type { SubjectVerdict, Verdict } from '../../verdicts/verdict.js';
import { worstOf } from '../../verdicts/worst-window.js';
import { loadRuns, type ShownRun } from '../runs.js';
import { loadTraffic } from '../traffic.js';
import { type EstimatedLoss, loadEstimatedLosses } from './estimated-loss.js';
import { loadEvidence } from './evidence.js';
import { loadFalls, loadFiring, loadPerformance, loadSince, type ShownPerformance } from './facts.js';
import { loadHeads, type ModelHead } from './heads.js';

/** What is known of a model at a glance. */
export interface ModelState extends ModelHead {
  /** The champion's newest decided window; of several that alert, what they say together. */
  window: StoredWindow | undefined;
  verdict: Verdict;
  /** Start of the first of the windows that have had this verdict without a break. */
  since: Date | undefined;
  /** Features and aspects of the predictions that have the model's own verdict, most drifted first. */
  moved: SubjectVerdict[];
  /** The pictures of what moved most; undefined where nothing did, and beyond the first few models. */
  evidence: SubjectReport | undefined;
  /** The last hour. */
  traffic: Traffic;
  performance: ShownPerformance | undefined;
  /** Start of the first window of a loss of performance that outcomes show now; undefined where they show none. */
  fallenSince: Date | undefined;
  /** When outcomes first said so. */
  fallKnownAt: Date | undefined;
  /** A loss of performance that is estimated now; undefined where there is none, and where outcomes show one. */
  estimatedLoss: EstimatedLoss | undefined;
  /** Those that fire. */
  alerts: RaisedAlert[];
  run: ShownRun | undefined;
}

const RECENT_RUNS = 10;
/** Models that are shown with pictures: each costs queries of its own. */
const MOST_PICTURES = 6;

/** Loads the state of all models, those that are not all right first; or of one. */
export async function loadModelStates(
  db: Queryable,
  options: { now: Date; modelName?: string },
): Promise<ModelState[]> {
  const heads = await loadHeads(db, options.modelName);
  const names = heads.map(({ modelName }) => modelName);
  const newest = await loadNewestWindows(db, heads.flatMap(seriesOf));
  const worst = heads.flatMap(({ modelName }) => worstOf(newest.filter((w) => w.modelName === modelName)) ?? []);
  const since = await loadSince(db, worst);
  const traffic = await loadTraffic(db, names, 'hour', options.now);
  const performance = await loadPerformance(db, heads);
  const fallen = await loadFalls(db, heads);
  const estimated = await loadEstimatedLosses(db, heads);
  const firing = await loadFiring(db, names);
  const runs = await loadRuns(db, names, RECENT_RUNS);
  const states = heads.map((head): ModelState => {
    const own = <T extends { modelName: string }>(all: T[]): T[] =>
      all.filter((one) => one.modelName === head.modelName);
    const [window] = own(worst);
    const alerts = own(firing);
    return {
      ...head,
      window,
      verdict: window?.verdict ?? 'insufficient-data',
      since: since.get(head.modelName),
      moved: window ? movedSubjects(window) : [],
      evidence: undefined,
      traffic: traffic.get(head.modelName)!,
      performance: performance.get(head.modelName),
      fallenSince: fallen.get(head.modelName)?.since,
      estimatedLoss: fallen.has(head.modelName) ? undefined : estimated.get(head.modelName),
      fallKnownAt: fallen.get(head.modelName)?.knownAt,
      alerts,
      run: tellingRun(own(runs), alerts),
    };
  });
  states.sort((a, b) => ORDER.indexOf(shownVerdict(a)) - ORDER.indexOf(shownVerdict(b)));
  for (const state of states.filter(isNotRight).slice(0, MOST_PICTURES)) {
    const [first] = state.moved;
    const source = newest.find((window) => first && window.subjects.includes(first));
    state.evidence = first && source && (await loadEvidence(db, source, first));
  }
  return states;
}

/**
 * What a model looks like at a glance, whatever its inputs do: as bad as a drift where outcomes show that its performance has
 * fallen, and worth watching where that is estimated alone.
 */
export function shownVerdict({
  verdict,
  fallenSince,
  estimatedLoss,
}: Pick<ModelState, 'verdict' | 'fallenSince' | 'estimatedLoss'>): Verdict {
  if (fallenSince) return 'drift';
  return estimatedLoss && verdict !== 'drift' ? 'warning' : verdict;
}

const ORDER: Verdict[] = ['drift', 'warning', 'insufficient-data', 'ok'];

function seriesOf({ modelName, champion }: ModelHead): VersionSeries[] {
  if (!champion) return [];
  const { modelVersion, windows } = champion;
  return windows.map((windowName) => ({ modelName, modelVersion, windowName }));
}

function isNotRight({ verdict }: ModelState): boolean {
  return verdict === 'drift' || verdict === 'warning';
}

function movedSubjects({ subjects, verdict }: StoredWindow): SubjectVerdict[] {
  const excess = ({ psi, psiNullBand }: SubjectVerdict): number => psiExcess(psi, psiNullBand);
  return subjects
    .filter((subject) => subject.verdict === verdict)
    .sort((a, b) => excess(b) - excess(a) || (a.subject < b.subject ? -1 : 1));
}

/** States in which nothing was done: of several alerts at once one gets the retraining, and the others wait or are refused. */
const IDLE_STATES = ['queued', 'refused', 'cancelled'];

/**
 * The run that says most of where the model is: one in which something was done, since the oldest alert that fires where one
 * does; else the newest.
 * @param runs  newest first
 */
export function tellingRun(runs: ShownRun[], alerts: RaisedAlert[]): ShownRun | undefined {
  const begun = Math.min(...alerts.map((alert) => alert.startsAt.getTime()));
  const since = alerts.length > 0 ? runs.filter((run) => run.createdAt.getTime() >= begun) : runs;
  return since.find((run) => !IDLE_STATES.includes(run.state)) ?? since[0] ?? runs[0];
}
