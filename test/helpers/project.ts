import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { writeCsv } from '../../core/csv.js';
import { createRandom } from '../../core/random.js';
import { train } from '../../trainer/builtin/train.js';

const CLASSES = ['low', 'mid', 'high'];
const COLOURS = ['red', 'green', 'blue'];

/** The manifest of the small project, as a person would write it. */
export const smallManifest = {
  name: 'small-model',
  task: 'multiclass',
  target: 'grade',
  classes: CLASSES,
  features: [
    { name: 'size', type: 'numeric', range: [-5, 5] },
    { name: 'weight', type: 'numeric', missing: true },
    { name: 'colour', type: 'categorical', categories: COLOURS },
  ],
};

/** One labelled row of the small project; `grade` follows from size and colour. */
export interface SmallRow extends Record<string, unknown> {
  size: number;
  weight: number | null;
  colour: string;
  grade: string;
}

/** Seeded rows of a problem that trees learn easily. */
export function smallRows(count: number, seed: number): SmallRow[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const size = Math.max(-5, Math.min(5, random.normal()));
    const colour = COLOURS[random.integer(3)]!;
    const score = size + (colour === 'red' ? 1 : 0);
    const weight = random.next() < 0.1 ? null : 50 + 10 * random.normal();
    return { size, weight, colour, grade: score < -0.3 ? 'low' : score < 0.8 ? 'mid' : 'high' };
  });
}

let onnx: Uint8Array | undefined;

/** The trained small model, made once a test file. */
export function smallOnnx(): Uint8Array {
  onnx ??= trainSmall();
  return onnx;
}

function trainSmall(): Uint8Array {
  const rows = smallRows(600, 1);
  const dataset = {
    rows: rows.length,
    columns: [
      { name: 'size', type: 'numeric' as const, values: Float64Array.from(rows, (r) => r.size) },
      { name: 'weight', type: 'numeric' as const, values: Float64Array.from(rows, (r) => r.weight ?? Number.NaN) },
      {
        name: 'colour',
        type: 'categorical' as const,
        categories: COLOURS,
        codes: Int32Array.from(rows, (r) => COLOURS.indexOf(r.colour)),
      },
    ],
    target: Float64Array.from(rows, (r) => CLASSES.indexOf(r.grade)),
    weights: new Float64Array(rows.length).fill(1),
  };
  return train({ dataset, task: 'multiclass', classes: CLASSES, seed: 1 }).onnx;
}

/** Writes the small project into a fresh folder; `change` may spoil any part of it first. */
export async function writeSmallProject(
  change: (parts: {
    manifest: Record<string, unknown>;
    yaml?: string;
    rows: Record<string, unknown>[];
    columns: string[];
    onnx: Uint8Array | undefined;
  }) => void = () => undefined,
): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-project-'));
  const parts = {
    manifest: structuredClone(smallManifest) as Record<string, unknown>,
    rows: smallRows(600, 1) as Record<string, unknown>[],
    columns: ['size', 'weight', 'colour', 'grade'],
    onnx: smallOnnx() as Uint8Array | undefined,
  } as Parameters<typeof change>[0];
  change(parts);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.yaml'), parts.yaml ?? stringify(parts.manifest));
  if (parts.columns.length > 0) await writeCsv(join(folder, 'reference.csv'), parts.columns, parts.rows);
  if (parts.onnx) await writeFile(join(folder, 'model.onnx'), parts.onnx);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
