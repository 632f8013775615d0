import { encodeInstances, type PredictionBatch } from '../../core/inference/batch.js';
import { inferAll } from '../../core/inference/infer-all.js';
import { loadOnnxModel } from '../../core/inference/onnx-session.js';
import type { Manifest } from '../../core/manifest/manifest.js';
import type { LabelledRows } from '../../core/project/reference.js';
import { createRandom } from '../../core/random.js';
import { buildReferenceProfile, countCells, subjectColumns } from '../../core/reference/profile.js';
import { judgeLoss } from '../../monitor/performance/judge-loss.js';
import type { Performance } from '../../monitor/performance/window-performance.js';
import { wilsonInterval } from '../../monitor/statistics/wilson-interval.js';
import { causeOf } from '../../monitor/verdicts/cause/cause.js';
import { createDecideInOrder } from '../../monitor/verdicts/decide-in-order.js';
import { toDataset } from '../../trainer/builtin/to-dataset.js';
import { train } from '../../trainer/builtin/train.js';
import { compareAnswers } from '../../trainer/compare/compare.js';
import { type Decision, decide } from '../../trainer/compare/decide.js';
import { composeDataset, type DatasetParts } from '../../trainer/dataset/compose.js';
import { drawRows, type Kind } from './kinds.js';

const REFERENCE_ROWS = 800;
const WINDOW_ROWS = 400;
const WINDOWS = 3;
const TEST_ROWS = 4_000;

/** How one loop ended. */
export interface LoopResult {
  /** Whether the monitor's windows came to the verdict drift. */
  alerted: boolean;
  /** Whether the newest window looked like broken data, which the trainer's guard does not train on. */
  looksBroken: boolean;
  /** Whether the trainer left the reference out of the training set. */
  referenceLeftOut: boolean;
  /** Undefined where the guard kept it from training. */
  decision: Decision['decision'] | undefined;
  /** True accuracies, on fresh rows with true outcomes: before the change, and after it of both. */
  before: number;
  champion: number;
  challenger: number | undefined;
}

/**
 * One turn of the loop, alert or not: a champion is trained, its world changes, the monitor's code decides three windows and
 * judges by the outcomes of the newest whether the champion does worse, and unless the newest looks like broken data the trainer's code puts a dataset together, trains, compares and decides.
 */
export async function simulateLoop(manifest: Manifest, kind: Kind, loop: number, seed: number): Promise<LoopResult> {
  const random = createRandom(seed);
  const world = kind.world(loop);
  const reference = drawRows({}, REFERENCE_ROWS, random);
  const weights = reference.targets.map(() => 1);
  const championOnnx = trainModel(manifest, { ...reference, weights }, seed);
  const windows = Array.from({ length: WINDOWS }, () => drawRows(world, WINDOW_ROWS, random));
  const watched = await watch(manifest, championOnnx, reference, windows);
  // Broken data is mended some day: what counts is how a model does on what is really there.
  const { measure: _, ...mended } = world;
  const fresh = drawRows(mended, TEST_ROWS, random, { clean: true });
  const champion = await accuracyOf(manifest, championOnnx, fresh);
  const before = await accuracyOf(manifest, championOnnx, drawRows({}, TEST_ROWS, random));
  const found = { ...watched, before, champion };
  if (watched.looksBroken) {
    return { ...found, referenceLeftOut: false, decision: undefined, challenger: undefined };
  }
  const newest = await accuracyOf(manifest, championOnnx, windows.at(-1)!);
  const fell = judgeLoss(manifest, measured(before, TEST_ROWS), measured(newest, WINDOW_ROWS), true) === 'drop';
  // As the trainer has it: of two changes that began at once, that of the population.
  const change = watched.alerted ? 'drift' : fell ? 'performance' : null;

  const dataset = await composeDataset({
    manifest,
    rows: toRecent(windows),
    reference,
    origin: { parentVersion: 1, seed, changedSince: null, change },
    answer: (rows) => answersOf(manifest, championOnnx, rows),
  });
  const challengerOnnx = trainModel(manifest, dataset.training, seed);
  const comparison = compareAnswers({
    manifest,
    rows: dataset.heldOut,
    champion: await answersOf(manifest, championOnnx, dataset.heldOut),
    challenger: await answersOf(manifest, challengerOnnx, dataset.heldOut),
    seed,
  });
  const { decision } = decide(comparison, manifest.retraining);
  const { referenceLeftOut } = dataset.summary;
  return { ...found, referenceLeftOut, decision, challenger: await accuracyOf(manifest, challengerOnnx, fresh) };
}

/** An accuracy as the monitor stores one. */
function measured(value: number, rows: number): Performance {
  const accuracy = { metric: 'accuracy', class: null, value, ...wilsonInterval(value * rows, rows) } as const;
  return { rows, metrics: [{ ...accuracy, interval: 'wilson' }], confusion: null };
}

function trainModel(manifest: Manifest, rows: LabelledRows & { weights: number[] }, seed: number): Uint8Array {
  const { task, classes } = manifest;
  return train({ dataset: toDataset(manifest, rows), task, classes, seed }).onnx;
}

async function answersOf(manifest: Manifest, onnx: Uint8Array, rows: LabelledRows): Promise<PredictionBatch> {
  const model = await loadOnnxModel(onnx, manifest);
  return inferAll(model, manifest, encodeInstances(manifest, rows.instances)).finally(() => model.release());
}

async function accuracyOf(manifest: Manifest, onnx: Uint8Array, rows: LabelledRows): Promise<number> {
  const { labels } = await answersOf(manifest, onnx, rows);
  return rows.targets.filter((target, i) => labels![i] === target).length / rows.targets.length;
}

/** The monitor's decisions on the windows, from the counts on. */
async function watch(
  manifest: Manifest,
  onnx: Uint8Array,
  reference: LabelledRows,
  windows: LabelledRows[],
): Promise<Pick<LoopResult, 'alerted' | 'looksBroken'>> {
  const batch = encodeInstances(manifest, reference.instances);
  const profile = buildReferenceProfile(manifest, batch, await answersOf(manifest, onnx, reference));
  const decideNext = createDecideInOrder(profile, manifest.monitoring);
  let alerted = false;
  let looksBroken = false;
  for (const rows of windows) {
    const columns = subjectColumns(
      manifest,
      encodeInstances(manifest, rows.instances),
      await answersOf(manifest, onnx, rows),
    );
    const counts = profile.subjects.map((subject, i) => ({
      kind: subject.kind,
      subject: subject.name,
      counts: Array.from(countCells(subject, columns[i]!)),
    }));
    const { verdict, subjects } = decideNext({ start: 0, end: 60, rows: rows.targets.length }, counts);
    const values = new Map(
      columns.flatMap((column) =>
        column.kind === 'feature' && 'numbers' in column
          ? [[column.name, column.numbers.filter((v) => !Number.isNaN(v))] as const]
          : [],
      ),
    );
    alerted ||= verdict === 'drift';
    looksBroken = causeOf({ profile, counts, subjects, values })?.kind === 'broken-data';
  }
  return { alerted, looksBroken };
}

function toRecent(windows: LabelledRows[]): DatasetParts['rows'] {
  const instances = windows.flatMap((window) => window.instances);
  const at = instances.map((_, i) => new Date(i));
  const targets = windows.flatMap((window) => window.targets);
  return { instances, targets, requestedAt: at, receivedAt: at, lastReceivedAt: at.at(-1)!, unusable: 0 };
}
