import { describe, expect, test } from 'vitest';
import { FAMILIES, type Family } from '../../../../trainer/builtin/model.js';
import { predict } from '../../../../trainer/builtin/predict.js';
import { createOwnThreadRunner, type FoldRunner } from '../../../../trainer/builtin/search/fold-runner.js';
import type { FoldSettings } from '../../../../trainer/builtin/search/fold-work.js';
import type { Trial } from '../../../../trainer/builtin/search/trial.js';
import { type SearchInput, trainBySearch } from '../../../../trainer/builtin/train-by-search.js';
import { runOnnx } from '../run-onnx.js';
import { asClasses, asRegression, makeScored, takeRows } from '../synthetic.js';

const scored = makeScored({ rows: 700, seed: 3, missing: 0.05, categories: 8 });
const learn = [...Array(500).keys()];
const unseen = Array.from({ length: 200 }, (_, i) => 500 + i);
const binary = asClasses(scored, 2);

function run(change: Partial<SearchInput> = {}): ReturnType<typeof trainBySearch> {
  return trainBySearch({
    subject: { dataset: takeRows(binary, learn), task: 'binary', classes: ['no', 'yes'] },
    settings: { folds: 3, seed: 5, metric: 'log_loss' },
    trials: 9,
    families: FAMILIES,
    featureSearch: false,
    isOver: () => false,
    onTrial: () => undefined,
    createRunner: createOwnThreadRunner,
    ...change,
  });
}

/** Does the tasks in the opposite order, as threads of different speed might. */
function createBackwardsRunner(settings: FoldSettings): FoldRunner {
  const runner = createOwnThreadRunner(settings);
  return {
    run: async (tasks) => (await runner.run([...tasks].reverse())).reverse(),
    close: runner.close,
  };
}

/** What of a trial does not depend on the clock. */
const withoutTime = ({ seconds: _, ...trial }: Trial) => trial;

describe('a search', () => {
  test('tries the defaults of every family first, tells of each trial, and keeps the best one', async () => {
    const told: Trial[] = [];
    const found = await run({ onTrial: (trial) => told.push(trial) });
    expect(told).toEqual(found.trials);
    expect(found.trials.map(({ number }) => number)).toEqual([...Array(9).keys()]);
    expect(found.trials.slice(0, 3).map(({ candidate }) => candidate.family)).toEqual(FAMILIES);
    const complete = found.trials.filter(({ state }) => state === 'complete');
    expect(found.best.loss).toBe(Math.min(...complete.map(({ loss }) => loss)));
    expect(found.best.metrics.rows).toBe(500);
  });

  test('gives the same trials and the same model whatever the order of its tasks', async () => {
    const one = await run();
    const other = await run({ createRunner: createBackwardsRunner });
    expect(other.trials.map(withoutTime)).toEqual(one.trials.map(withoutTime));
    expect(Buffer.from(other.onnx).equals(one.onnx)).toBe(true);
    const another = await run({ settings: { folds: 3, seed: 6, metric: 'log_loss' } });
    expect(another.trials.map(withoutTime)).not.toEqual(one.trials.map(withoutTime));
  });

  test('gives up trials that are bad on the first fold', async () => {
    const { trials, best } = await run({ trials: 24, families: ['forest', 'linear'] });
    const pruned = trials.filter(({ state }) => state === 'pruned');
    expect(pruned.length).toBeGreaterThan(0);
    for (const trial of pruned) expect(trial.foldLosses).toHaveLength(1);
    expect(best.state).toBe('complete');
  });

  test('begins no trial once its time is over', async () => {
    let batches = 0;
    const { trials } = await run({ trials: 100, families: ['linear'], isOver: () => ++batches > 2 });
    expect(trials).toHaveLength(12);
  });

  test('finds the features that say nothing, and leaves them out', async () => {
    const { importance, trials, best } = await run({ trials: 16, families: ['boosting'], featureSearch: true });
    const names = binary.columns.map(({ name }) => name);
    expect(importance[names.indexOf('x0')]).toBeGreaterThan(0.1);
    expect(Math.abs(importance[names.indexOf('x3')]!)).toBeLessThan(0.02);
    expect(trials.some(({ candidate }) => candidate.features.length < names.length)).toBe(true);
    expect(best.candidate.features).toContain(names.indexOf('x0'));
  });

  test('says so when no trial can be scored', async () => {
    const dataset = { ...binary, target: binary.target.map(() => 1) };
    const subject = { dataset: takeRows(dataset, learn), task: 'binary', classes: ['no', 'yes'] } as const;
    const settings = { folds: 3, seed: 1, metric: 'roc_auc' } as const;
    await expect(run({ subject, settings, trials: 3 })).rejects.toThrow(/roc_auc is no number on the held-out rows/);
  });
});

const jobs: [Family, number][] = FAMILIES.flatMap((family) =>
  [0, 2, 3].map((count): [Family, number] => [family, count]),
);

describe.each(jobs)('%s with %i classes', (family, classCount) => {
  test('is far better than a constant answer, and the same as its ONNX file', async () => {
    const dataset = classCount === 0 ? asRegression(scored) : asClasses(scored, classCount);
    const classes = ['a', 'b', 'c'].slice(0, classCount);
    const task = classCount === 0 ? 'regression' : classCount === 2 ? 'binary' : 'multiclass';
    const { model, onnx } = await run({
      subject: { dataset: takeRows(dataset, learn), task, classes },
      settings: { folds: 2, seed: 1, metric: classCount === 0 ? 'mae' : 'log_loss' },
      trials: 2,
      families: [family],
    });
    const rows = takeRows(dataset, unseen);
    const own = predict(model, rows);
    const { answers } = await runOnnx(onnx, model, rows);
    const differences = own.map((answer, i) => Math.abs(answer - answers[i]!) / Math.max(1, Math.abs(answer)));
    expect(Math.max(...differences)).toBeLessThan(1e-5);
    expect(loss(own, rows.target, classCount)).toBeLessThan(
      0.85 * loss(constant(dataset.target, own.length, classCount), rows.target, classCount),
    );
  });
});

function loss(answers: Float64Array, target: Float64Array, classCount: number): number {
  const ofRow = (truth: number, row: number): number =>
    classCount === 0 ? Math.abs(answers[row]! - truth) : -Math.log(Math.max(1e-9, answers[row * classCount + truth]!));
  return target.reduce((sum, truth, row) => sum + ofRow(truth, row), 0) / target.length;
}

/** The mean, or the share of every class, for each row. */
function constant(target: Float64Array, length: number, classCount: number): Float64Array {
  const width = Math.max(1, classCount);
  const share = (i: number): number =>
    target.reduce((sum, truth) => sum + (classCount === 0 ? truth : Number(truth === i)), 0) / target.length;
  const shares = Array.from({ length: width }, (_, i) => share(i));
  return new Float64Array(length).map((_, i) => shares[i % width]!);
}
