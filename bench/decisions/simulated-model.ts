import type { FeatureBatch } from '../../core/inference/batch.js';
import type { Feature, Manifest, Monitoring } from '../../core/manifest/manifest.js';
import { resolveMonitoring } from '../../core/project/resolve-monitoring.js';
import type { Random } from '../../core/random.js';
import { buildReferenceProfile, countCells, type ReferenceProfile } from '../../core/reference/profile.js';
import { createDecideInOrder } from '../../monitor/verdicts/decide-in-order.js';
import type { WindowDecision } from '../../monitor/verdicts/decide-window.js';
import type { Shape } from './shapes.js';

/** One column of a sample. */
export type Column = { numbers: Float64Array } | { texts: (string | null)[] };

/** A model with a frozen reference, as the monitor has it. */
export interface SimulatedModel {
  shapes: Shape[];
  profile: ReferenceProfile;
  monitoring: Monitoring;
  reference: Column[];
  referenceRows: number;
}

/** Every default, but a decision on any window: the null bands have to hold on the smallest too. */
export const MONITORING: Monitoring = { ...resolveMonitoring(), minimumRows: 30 };

/** Draws a sample of each shape. */
export function drawColumns(random: Random, shapes: Shape[], rows: number): Column[] {
  return shapes.map((shape) => {
    if ('text' in shape) return { texts: Array.from({ length: rows }, () => shape.text(random)) };
    const numbers = new Float64Array(rows);
    for (let row = 0; row < rows; row++) numbers[row] = shape.number(random);
    return { numbers };
  });
}

/** Draws a reference and freezes it, by the code that freezes a registered model's. The answers are a number of their own. */
export function drawModel(random: Random, shapes: Shape[], referenceRows: number): SimulatedModel {
  const reference = drawColumns(random, shapes, referenceRows);
  const values = Float32Array.from({ length: referenceRows }, () => random.normal());
  const features = reference.map((column, i): Feature => {
    const common = { name: `f${i}`, missing: true };
    if ('numbers' in column) return { ...common, type: 'numeric', outOfRange: 'flag' };
    const categories = [...new Set(column.texts)].filter((text) => text !== null).sort();
    return { ...common, type: 'categorical', categories, unseen: 'flag' };
  });
  const manifest = { task: 'regression', classes: [], features, monitoring: MONITORING } as unknown as Manifest;
  const profile = buildReferenceProfile(manifest, toBatch(reference, referenceRows), { rows: referenceRows, values });
  return { shapes, profile, monitoring: MONITORING, reference, referenceRows };
}

function toBatch(columns: Column[], rows: number): FeatureBatch {
  const numbers = columns.flatMap((column) => ('numbers' in column ? [column.numbers] : []));
  const texts = columns.flatMap((column) => ('texts' in column ? [column.texts] : []));
  const numeric = new Float64Array(rows * numbers.length);
  const categorical = new Array<string | null>(rows * texts.length);
  for (let row = 0; row < rows; row++) {
    numbers.forEach((column, i) => {
      numeric[row * numbers.length + i] = column[row]!;
    });
    texts.forEach((column, i) => {
      categorical[row * texts.length + i] = column[row]!;
    });
  }
  return { rows, numeric, categorical };
}

/** A model's windows one after the other, by the code of the monitor: counts over the frozen cells, then decisions. */
export function createWatch(
  model: SimulatedModel,
  random: Random,
): (rows: number, columns: Column[]) => WindowDecision {
  const { profile } = model;
  const decide = createDecideInOrder(profile, model.monitoring);
  // Categories as the manifest would list them: those of the reference.
  const known = model.reference.map((column) => ('texts' in column ? [...new Set(column.texts)] : []));
  return (rows, columns) => {
    const counts = profile.subjects.map((subject, i) => {
      const column = columns[i] ?? { numbers: Float64Array.from({ length: rows }, () => random.normal()) };
      const { kind, name } = subject;
      const categories = known[i]?.filter((text) => text !== null) ?? [];
      return { kind, subject: name, counts: Array.from(countCells(subject, { kind, name, categories, ...column })) };
    });
    return decide({ start: 0, end: 60, rows }, counts);
  };
}
