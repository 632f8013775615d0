import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { decodeInstances, encodeInstances } from '../../../core/inference/batch.js';
import type { Instance, Manifest } from '../../../core/manifest/manifest.js';
import { encodeRows } from '../../../core/preparation/prepare.js';
import { requestFields } from '../../../core/preparation/request-fields.js';
import { createWriteInputs, readInputs } from '../../../core/preparation/stored-inputs.js';
import { loadUntrainedProject } from '../../../core/project/load.js';
import { EVENT, type EventRow, eventRows, writeEventsProject } from '../../helpers/prepared-project.js';

let project: Awaited<ReturnType<typeof writeEventsProject>>;
let manifest: Manifest;
let rows: EventRow[];
beforeAll(async () => {
  rows = eventRows(400, 1);
  project = await writeEventsProject({ rows });
  manifest = (await loadUntrainedProject(project.folder)).manifest;
});
afterAll(() => project.remove());

function prepare(instance: Instance): Instance {
  return decodeInstances(manifest, encodeRows(manifest, [instance]))[0]!;
}
const concerts = (): number[] => rows.filter((row) => row.kind === 'concert').map((row) => row.price);
/** The middle value, or the middle of the two. */
function medianOf(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)]!, sorted[Math.ceil((sorted.length - 1) / 2)]!];
  return low === high ? low : (low + high) / 2;
}

describe('encodeRows', () => {
  it('makes each feature by its step', () => {
    expect(prepare(EVENT)).toEqual({
      title_words: 4,
      title_length: 22,
      notice_hours: 176.5,
      notice_days: 176.5 / 24,
      weekday: 7,
      margin: 19.99 / 8,
      log_price: Math.log1p(19.99),
      is_concert: true,
      price_over_kind: 19.99 - medianOf(concerts()),
      type_of_event: 'concert',
      free_drinks: true,
    });
  });

  it('counts characters, not halves of them, and no words in an empty text', () => {
    expect(prepare({ ...EVENT, title: '🎷 é' })).toMatchObject({ title_words: 2, title_length: 3 });
    expect(prepare({ ...EVENT, title: '' })).toMatchObject({ title_words: 0, title_length: 0 });
    expect(prepare({ ...EVENT, title: '爵士\u3000之夜' })).toMatchObject({ title_words: 2 });
  });

  it('makes a missing value of a missing input, of a division by zero and of a logarithm that does not exist', () => {
    expect(prepare({ ...EVENT, cost: null }).margin).toBeNull();
    expect(prepare({ ...EVENT, cost: 0 }).margin).toBeNull();
    expect(prepare({ ...EVENT, price: 1e38, cost: 1e-38 }).margin).toBeNull();
    expect(prepare({ ...EVENT, price: -1 }).log_price).toBeNull();
  });

  it('compares with the median of all rows where a category has none of its own', () => {
    const expected = 19.99 - medianOf(rows.map((row) => row.price));
    for (const kind of ['circus', '', '__proto__', 'constructor']) {
      expect(prepare({ ...EVENT, kind }).price_over_kind).toBe(expected);
    }
  });

  it('makes the same of a row wherever it stands, bit for bit', () => {
    const together = decodeInstances(manifest, encodeRows(manifest, rows));
    expect(together).toEqual(rows.map((row) => prepare(row)));
  });
});

test('stored inputs make the same features, bit for bit', () => {
  const odd = [...rows, { ...EVENT, price: 0.1 + 0.2, cost: -0 }, { ...EVENT, price: 5e-324, title: '' }];
  const inputs = manifest.inputs!;
  const raw = encodeInstances({ features: requestFields(manifest) }, odd);
  const write = createWriteInputs(inputs);
  const read = odd.map((_, row) => readInputs(inputs, write(raw, row)));
  expect(read[400]).toEqual({ ...EVENT, price: 0.1 + 0.2, cost: -0 });
  expect(encodeRows(manifest, read)).toEqual(encodeRows(manifest, odd));
});
