import { createRandom, type Random } from '../../core/random.js';
import { alarmsOf, type RuleAlarms } from './rules.js';
import { SHAPES, type Shape } from './shapes.js';
import { type Column, createWatch, drawColumns, drawModel, type SimulatedModel } from './simulated-model.js';

/** A window without drift and who raised an alarm. */
export interface CalmWindow extends RuleAlarms {
  rows: number;
  referenceRows: number;
  features: number;
  /** Subjects that exceeded, by shape. */
  shapes: string[];
  /** Whether the window was handed on to Evidently. */
  exported: boolean;
}

const ROWS = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 100_000];
/** Long windows are rarer than short ones here, for the time they take. */
const ROW_WEIGHTS = [15, 15, 15, 15, 12, 12, 8, 5, 3];
const REFERENCE_ROWS = [400, 1_000, 2_000, 5_000, 20_000];
const WINDOWS_PER_MODEL = 5;
/** Cells, reference included, up to which a window is handed on: Evidently takes seconds for more. */
const MOST_EXPORTED_CELLS = 300_000;

/** A window for Evidently. */
export interface ExportedWindow {
  model: SimulatedModel;
  columns: Column[];
  rows: number;
}

/**
 * Windows drawn from the distribution of their reference, five in a row for each model, so that k of n is counted where
 * it is hardest: against one and the same reference.
 */
export async function runCalm(options: {
  models: number;
  seed: number;
  exportEvery: number;
  onExport: (window: ExportedWindow) => Promise<void>;
  say: (line: string) => void;
}): Promise<CalmWindow[]> {
  const windows: CalmWindow[] = [];
  for (let index = 0; index < options.models; index++) {
    const random = createRandom(options.seed + index * 7_919);
    const shapes = chooseShapes(random);
    const referenceRows = REFERENCE_ROWS[random.integer(REFERENCE_ROWS.length)]!;
    const rows = chooseRows(random);
    const model = drawModel(random, shapes, referenceRows);
    const watch = createWatch(model, random);
    const small = (rows + referenceRows) * shapes.length <= MOST_EXPORTED_CELLS;
    for (let w = 0; w < WINDOWS_PER_MODEL; w++) {
      const columns = drawColumns(random, shapes, rows);
      const decision = watch(rows, columns);
      const exported = w === 0 && small && index % options.exportEvery === 0;
      if (exported) await options.onExport({ model, columns, rows });
      const exceeded = decision.subjects.flatMap((s, i) => (s.exceeded ? [shapes[i]?.name ?? 'answers'] : []));
      const alarms = alarmsOf(decision, referenceRows);
      windows.push({ ...alarms, rows, referenceRows, features: shapes.length, shapes: exceeded, exported });
    }
    if ((index + 1) % 100 === 0) options.say(`${windows.length} windows without drift`);
  }
  return windows;
}

function chooseShapes(random: Random): Shape[] {
  return Array.from({ length: 5 + random.integer(46) }, () => SHAPES[random.integer(SHAPES.length)]!);
}

function chooseRows(random: Random): number {
  let left = random.next() * ROW_WEIGHTS.reduce((sum, weight) => sum + weight, 0);
  const at = ROW_WEIGHTS.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return ROWS[at]!;
}
