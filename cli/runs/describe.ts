import type { Experiment } from '../../core/registry/experiments.js';
import { sortTrials } from '../../core/training/sort-trials.js';
import type { TrialRecord } from '../../core/training/trials.js';

/** An experiment with what it has tried. */
export interface Recorded {
  experiment: Experiment;
  trials: TrialRecord[];
}

/** Lines about one experiment. */
export function describeExperiment(experiment: Experiment): string[] {
  const { modelName, state, reason, startedAt } = experiment;
  const title = `${modelName}  ${state}${reason && `: ${reason}`}  ${startedAt.toISOString()}`;
  return [title, ...Object.entries(facts(experiment)).map(([name, value]) => `  ${name.padEnd(16)}  ${value}`)];
}

/** A table of trials, the best first; those given up or failed come last. */
export function describeTrials(trials: TrialRecord[]): string[] {
  if (trials.length === 0) return ['no trials: the training command did not search, or does not say'];
  const header = ['trial', 'state', 'family', trials[0]!.metric, 'seconds', 'parameters'];
  const rows = sortTrials(trials).map((trial) => [
    String(trial.number),
    trial.state,
    trial.family,
    trial.score === null ? (trial.reason ?? '') : shown(trial.score),
    trial.durationSeconds.toFixed(1),
    Object.entries(trial.parameters)
      .map(([name, value]) => `${name}=${shown(value)}`)
      .join(' '),
  ]);
  return table([header, ...rows]);
}

/** A table with a column an experiment and a line a fact, a parameter of the best trial, and a metric. `*` marks what differs. */
export function compareExperiments(recorded: Recorded[]): string[] {
  const sides = recorded.map(({ experiment, trials }) => {
    const [best] = sortTrials(trials).filter(({ state }) => state === 'complete');
    const { metrics } = experiment;
    const numbers = Object.entries(metrics ?? {}).filter(([, value]) => typeof value === 'number');
    return {
      ...facts(experiment),
      ...(best && { 'best trial': `${best.number} of ${trials.length}`, family: best.family }),
      ...prefixed('parameter ', best?.parameters ?? {}),
      ...prefixed('metric ', Object.fromEntries(numbers)),
    } as Record<string, string>;
  });
  const names = [...new Set(sides.flatMap((side) => Object.keys(side)))];
  const header = ['', 'id', ...recorded.map(({ experiment }) => experiment.experimentId)];
  const rows = names.map((name) => {
    const values = sides.map((side) => side[name] ?? '-');
    return [new Set(values).size > 1 ? '*' : ' ', name, ...values];
  });
  return table([header, ...rows]);
}

function facts(experiment: Experiment): Record<string, string> {
  const { request, finishedAt, startedAt } = experiment;
  return {
    command: experiment.command,
    code: experiment.codeVersion ?? 'not said',
    dataset: `${experiment.datasetRows} rows, ${experiment.datasetDigest.slice(0, 19)}`,
    seed: String(request.seed),
    'parent version': String(request.parentVersion ?? 'none'),
    trials: `${request.training.trials} wanted, ${request.training.folds} folds, by ${request.training.metric}`,
    seconds: finishedAt ? ((finishedAt.getTime() - startedAt.getTime()) / 1000).toFixed(1) : 'running',
    model: experiment.modelDigest?.slice(0, 19) ?? 'none',
  };
}

function prefixed(prefix: string, values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, shown(value)]));
}

function shown(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(5)));
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function table(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
}
