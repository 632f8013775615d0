import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCsv, writeCsv } from '../../../core/csv.js';
import { loadProject } from '../../../core/project/load.js';
import { addModel } from '../../../core/project/register.js';
import { createRandom } from '../../../core/random.js';
import { createDatabase } from '../../helpers/postgres.js';
import { eventRows, writeEventsProject } from '../../helpers/prepared-project.js';
import { startTestService, type TestService } from '../../service/harness.js';
import { flowers, houses, promote } from '../../service/models.js';
import { createFolder, score } from './fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let service: TestService;
let folder: Awaited<ReturnType<typeof createFolder>>;
beforeAll(async () => {
  folder = await createFolder();
  database = await createDatabase();
  for (const version of [await flowers(), await houses()]) await promote(database.pool, version);
  const events = await writeEventsProject();
  await addModel(database.pool, await loadProject(events.folder), 'test');
  await events.remove();
  service = await startTestService(database.url);
  await service.ready();
});
afterAll(async () => {
  await service?.close();
  await database?.drop();
  await folder?.remove();
});

const random = createRandom(7);

/** Rows of flowers with a column that is none of the model's, as texts. */
function flowerRows(count: number): Record<string, string>[] {
  return Array.from({ length: count }, (_, i) => ({
    note: `flower "${i}", red`,
    length: String(random.next() * 10),
    width: String(random.next() * 5),
    depth: i % 3 === 0 ? '' : String(random.next() * 3),
  }));
}

const asInstance = ({ length, width, depth }: Record<string, string>): object => ({
  length: Number(length),
  width: Number(width),
  depth: depth === '' ? null : Number(depth),
});

test('scores every row of a file in order, with the answers of /v1, and keeps its columns', async () => {
  const rows = flowerRows(1_234);
  const [input, output] = [folder.path('flowers.csv'), folder.path('flowers-scored.csv')];
  await writeCsv(input, ['note', 'length', 'width', 'depth'], rows);
  const shares: number[] = [];
  const summary = await score({
    ...{ input, output, url: service.url, model: 'flowers', version: 1 },
    onProgress: ({ share }) => shares.push(share),
  });
  expect(summary).toEqual({ model: 'flowers', versions: [1], rows: 1_234, failed: 0, problems: [] });
  expect(shares).toHaveLength(13);
  expect(shares.at(-1)).toBe(1);

  const scored = await readCsv(output);
  expect(scored.columns).toEqual([
    ...['note', 'length', 'width', 'depth', 'prediction_id', 'label'],
    ...['probability_iris', 'probability_rose', 'probability_tulip', 'model_version', 'error'],
  ]);
  expect(scored.rows.map(({ note, length, width, depth }) => ({ note, length, width, depth }))).toEqual(rows);
  const { body } = await service.post('/v1/models/flowers/predict', { instances: rows.map(asInstance) });
  for (const [i, { label, probabilities }] of body.predictions.entries()) {
    const row = scored.rows[i]!;
    expect(row.label).toBe(label);
    for (const [name, value] of Object.entries(probabilities)) {
      expect(Number(row[`probability_${name}`])).toBe(value);
    }
  }
  expect(new Set(scored.rows.map(({ prediction_id }) => prediction_id)).size).toBe(1_234);
  expect(await folder.partsOf(output)).toEqual([]);

  await service.stored();
  const { rows: stored } = await database.pool.query(
    'select source, count(*)::int as n from predictions where prediction_id = any($1) group by source',
    [scored.rows.map(({ prediction_id }) => prediction_id)],
  );
  expect(stored).toEqual([{ source: 'batch', n: 1_234 }]);
});

test('counts rows as live ones only when asked to', async () => {
  const [input, output] = [folder.path('live.csv'), folder.path('live-scored.csv')];
  await writeCsv(input, ['length', 'width', 'depth'], flowerRows(3));
  await score({ input, output, url: service.url, model: 'flowers', source: 'live' });
  const ids = (await readCsv(output)).rows.map(({ prediction_id }) => prediction_id);
  await service.stored();
  const { rows } = await database.pool.query('select source from predictions where prediction_id = any($1)', [ids]);
  expect(rows).toEqual([{ source: 'live' }, { source: 'live' }, { source: 'live' }]);
});

test('bad rows get their reasons and stop nobody else', async () => {
  const [input, output] = [folder.path('bad.csv'), folder.path('bad-scored.csv')];
  const lines = [
    'length,width,depth',
    '7,2,1',
    'seven,2,1',
    ',2,1',
    '7,9,1',
    '7,2',
    '1,1,',
    'seven,,1',
    '7,2,1,4',
    '3,-1,x',
  ];
  await writeFile(input, lines.join('\n'));
  const summary = await score({ input, output, url: service.url, model: 'flowers' });
  expect(summary).toMatchObject({ rows: 9, failed: 7, versions: [1] });
  expect(summary.problems.map(({ row }) => row)).toEqual([2, 3, 4, 5, 7, 8, 9]);
  const { rows } = await readCsv(output);
  expect(rows.map(({ label }) => label !== '')).toEqual([true, false, false, false, false, true, false, false, false]);
  expect(rows.map(({ error }) => error)).toEqual([
    '',
    'column "length": "seven" is not a number; clean it, or make the feature categorical',
    expect.stringMatching(/^column "length": a value is missing/),
    'column "width" is the number 9, wanted a number in cm, 0 to 5',
    'has 2 cells, wanted 3 as in the header',
    '',
    expect.stringMatching(/^column "length": "seven" is not .*; column "width": a value is missing/),
    'has 4 cells, wanted 3 as in the header',
    expect.stringMatching(/^column "depth": "x" is not a number/),
  ]);
  expect(rows[3]).toMatchObject({ length: '7', width: '9', depth: '1', prediction_id: '', model_version: '' });

  await service.stored();
  const { rows: refused } = await database.pool.query('select * from refused_requests');
  expect(refused).toEqual([]);
});

test('sends on what is left of a request of which more rows are refused than one answer lists', async () => {
  const [input, output] = [folder.path('refused.csv'), folder.path('refused-scored.csv')];
  const rows = Array.from({ length: 600 }, (_, i) => ({ length: '7', width: i % 2 === 0 ? '-1' : '2', depth: '' }));
  await writeCsv(input, ['length', 'width', 'depth'], rows);
  const summary = await score({ input, output, url: service.url, model: 'flowers', batchRows: 600 });
  expect(summary).toMatchObject({ rows: 600, failed: 300 });
  expect(summary.problems).toHaveLength(20);
  const scored = (await readCsv(output)).rows;
  expect(scored.map(({ error }) => error === '')).toEqual(rows.map(({ width }) => width === '2'));
});

test('scores raw rows of a model that makes its features of them, and values of a regression', async () => {
  const events = eventRows(50, 5);
  const [input, output] = [folder.path('events.csv'), folder.path('events-scored.csv')];
  await writeCsv(input, Object.keys(events[0]!), events);
  expect(await score({ input, output, url: service.url, model: 'events' })).toMatchObject({ rows: 50, failed: 0 });
  const instances = events.map(({ sold_out: _, ...event }) => event);
  const { body } = await service.post('/v1/models/events/predict', { instances });
  const labels = body.predictions.map(({ label }: { label: string }) => label);
  const scored = await readCsv(output);
  expect(scored.rows.map(({ label }) => label)).toEqual(labels);
  expect(scored.rows.map(({ sold_out }) => sold_out)).toEqual(events.map(({ sold_out }) => sold_out));

  const homes = { input: folder.path('homes.csv'), output: folder.path('homes-scored.csv') };
  await writeFile(homes.input, 'district;garden;area;heating/type\nsouth;yes;80.5;gas\n;false;300;coal\n');
  expect(await score({ ...homes, url: service.url, model: 'houses' })).toMatchObject({ rows: 2, failed: 1 });
  const { columns, rows } = await readCsv(homes.output);
  expect(columns.slice(4)).toEqual(['prediction_id', 'value', 'model_version', 'error']);
  const house = { district: 'south', garden: true, area: 80.5, 'heating/type': 'gas' };
  const answer = await service.post('/v1/models/houses/predict', { instances: [house] });
  expect(Number(rows[0]!.value)).toBe(answer.body.predictions[0].value);
  expect(rows[1]!.error).toMatch(/^column "heating\/type" is the string "coal", wanted a string, one of "gas"/);
});

test('an interrupted run leaves what was there, and nothing half', async () => {
  const [input, output] = [folder.path('long.csv'), folder.path('long-scored.csv')];
  await writeCsv(input, ['length', 'width', 'depth'], flowerRows(500));
  await writeFile(output, 'yesterday');
  const interrupt = new AbortController();
  const onProgress = ({ rows }: { rows: number }): void => {
    if (rows >= 200) interrupt.abort(new Error('interrupted'));
  };
  const run = score({ input, output, url: service.url, model: 'flowers', signal: interrupt.signal, onProgress });
  await expect(run).rejects.toThrow('interrupted');
  expect(await readFile(output, 'utf8')).toBe('yesterday');
  expect(await folder.partsOf(output)).toEqual([]);
});

test('two runs into the same output do not mix', async () => {
  const output = folder.path('twice-scored.csv');
  const notes = ['a', 'b'];
  const runs = notes.map(async (note) => {
    const input = folder.path(`twice-${note}.csv`);
    const rows = flowerRows(500).map((row) => ({ ...row, note }));
    await writeCsv(input, ['note', 'length', 'width', 'depth'], rows);
    return score({ input, output, url: service.url, model: 'flowers' });
  });
  for (const summary of await Promise.all(runs)) expect(summary).toMatchObject({ rows: 500, failed: 0 });
  const { rows } = await readCsv(output);
  expect(rows).toHaveLength(500);
  expect(new Set(rows.map(({ note }) => note)).size).toBe(1);
  expect(await folder.partsOf(output)).toEqual([]);
});

test('says before the first row what cannot be scored', async () => {
  const [input, output] = [folder.path('short.csv'), folder.path('short-scored.csv')];
  await writeFile(input, 'length,width,label\n1,2,3\n');
  const given = { input, output, url: service.url };
  await expect(score(given)).rejects.toThrow('several models: events, flowers, houses; name one with --model');
  await expect(score({ ...given, model: 'roses' })).rejects.toThrow('answered 404; GET /v1/models lists the names');
  await expect(score({ ...given, model: 'flowers', version: 2 })).rejects.toThrow(
    'version 1 of flowers answers, not 2; plumbline model promote flowers 2',
  );
  await expect(score({ ...given, model: 'flowers' })).rejects.toThrow(/"label" is one that the output adds; rename it/);
  await writeFile(input, 'length,width,length\n1,2,3\n');
  await expect(score({ ...given, model: 'flowers' })).rejects.toThrow(
    /"depth" is missing; the file has length, width, length\n.*"length" stands there twice/,
  );
  await expect(score({ ...given, output: input, model: 'flowers' })).rejects.toThrow(
    'give the output a name of its own',
  );
  await expect(score({ ...given, input: folder.path('none.csv'), model: 'flowers' })).rejects.toThrow(
    /none\.csv does not exist/,
  );
  await expect(score({ ...given, output: folder.path('a.txt'), model: 'flowers' })).rejects.toThrow(
    /a\.txt is neither CSV nor Parquet by its name/,
  );
  expect(existsSync(output)).toBe(false);
});
