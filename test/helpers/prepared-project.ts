import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCsv } from '../../core/csv.js';
import { decodeInstances } from '../../core/inference/batch.js';
import { encodeRows } from '../../core/preparation/prepare.js';
import { preparedLayout } from '../../core/preparation/request-fields.js';
import { loadUntrainedProject } from '../../core/project/load.js';
import { createRandom } from '../../core/random.js';
import { toDataset } from '../../trainer/builtin/to-dataset.js';
import { train } from '../../trainer/builtin/train.js';

/** A model whose features are made of raw inputs, each step once. */
export const EVENTS_YAML = `
name: events
task: binary
target: sold_out
classes: [no, yes]
inputs:
  - { name: title, type: text, example: An evening of jazz }
  - { name: price, type: numeric, unit: EUR }
  - { name: cost, type: numeric, missing: true }
  - { name: kind, type: text }
  - { name: free_drinks, type: boolean }
  - { name: announced, type: timestamp }
  - { name: begins, type: timestamp }
features:
  - { name: title_words, type: numeric, from: { words: title } }
  - { name: title_length, type: numeric, from: { characters: title } }
  - { name: notice_hours, type: numeric, range: [0, 2400], outOfRange: reject, from: { hours: [announced, begins] } }
  - { name: notice_days, type: numeric, from: { days: [announced, begins] } }
  - { name: weekday, type: numeric, range: [1, 7], from: { part: weekday, of: begins } }
  - { name: margin, type: numeric, missing: true, from: { ratio: [price, cost] } }
  - { name: log_price, type: numeric, from: { log1p: price } }
  - { name: is_concert, type: boolean, from: { equals: concert, of: kind } }
  - { name: price_over_kind, type: numeric, from: { minusMedian: price, by: kind } }
  - { name: type_of_event, type: categorical, from: { input: kind } }
  - { name: free_drinks, type: boolean }
retraining: { minimumOutcomes: 50, metric: log_loss }
`;

/** One labelled row of raw inputs. */
export interface EventRow extends Record<string, string | number | boolean | null> {
  title: string;
  price: number;
  cost: number | null;
  kind: string;
  free_drinks: boolean;
  announced: string;
  begins: string;
  sold_out: string;
}

const KINDS = ['concert', 'theatre', 'lecture'];
const WORDS = ['night', 'of', 'the', 'long', 'blue', 'stars'];

/** Seeded rows: what is cheap for its kind sells out. @param rise  factor on all prices */
export function eventRows(count: number, seed: number, rise = 1): EventRow[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const kind = KINDS[random.integer(3)]!;
    const usual = { concert: 40, theatre: 25, lecture: 8 }[kind]!;
    const price = Math.round(rise * usual * Math.exp(0.4 * random.normal()) * 100) / 100;
    const announced = Date.UTC(2026, 0, 1) + random.integer(10_000_000) * 1_000;
    const begins = announced + random.integer(60 * 24) * 3_600_000;
    return {
      title: WORDS.slice(0, 1 + random.integer(WORDS.length)).join(' '),
      price,
      cost: random.next() < 0.2 ? null : random.integer(20),
      kind,
      free_drinks: random.next() < 0.5,
      announced: new Date(announced).toISOString(),
      begins: new Date(begins).toISOString(),
      sold_out: price < rise * usual ? 'yes' : 'no',
    };
  });
}

/** An event as a caller sends it. */
export const EVENT = {
  title: '  Night of\tthe  stars ',
  price: 19.99,
  cost: 8,
  kind: 'concert',
  free_drinks: true,
  announced: '2026-03-01T12:00:00+01:00',
  begins: '2026-03-08T19:30:00Z',
};

/** Writes the project with its trained model into a fresh folder. */
export async function writeEventsProject(
  options: { rows?: EventRow[]; yaml?: string } = {},
): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-events-'));
  const rows = options.rows ?? eventRows(400, 1);
  await writeFile(join(folder, 'model.yaml'), options.yaml ?? EVENTS_YAML);
  await writeCsv(join(folder, 'reference.csv'), Object.keys(rows[0]!), rows);
  const { manifest, reference } = await loadUntrainedProject(folder);
  const instances = decodeInstances(manifest, encodeRows(manifest, reference.instances));
  const weights = reference.targets.map(() => 1);
  const dataset = toDataset(preparedLayout(manifest), { instances, targets: reference.targets, weights });
  const { onnx } = train({
    dataset,
    task: 'binary',
    classes: manifest.classes,
    seed: 1,
    parameters: { iterations: 20 },
  });
  await writeFile(join(folder, 'model.onnx'), onnx);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
