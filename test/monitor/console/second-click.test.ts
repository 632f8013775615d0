import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../helpers/postgres.js';
import { addChampion, testManifest } from '../fixture.js';
import { serveMonitor, TOKEN } from './fixture.js';
import { addCandidate, addTraining } from './training-fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let monitor: Awaited<ReturnType<typeof serveMonitor>>;
let cookie: string;

beforeAll(async () => {
  database = await createDatabase();
  monitor = await serveMonitor(database.pool);
  const signedIn = await ask('/sign-in', { token: TOKEN });
  cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
});
afterAll(async () => {
  await monitor.close();
  await database.drop();
});

function ask(path: string, form?: Record<string, string>): Promise<Response> {
  const options = { headers: { cookie: cookie ?? '' }, redirect: 'manual' } as const;
  return fetch(monitor.url + path, form ? { ...options, method: 'POST', body: new URLSearchParams(form) } : options);
}

/** Shows a move, and clicks twice. @returns the second answer */
async function clickTwice(path: string): Promise<[number, string]> {
  const text = await (await ask(path)).text();
  const field = (name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '';
  const form = { shown: field('shown'), signature: field('signature'), reason: 'it is time', name: 'Ana' };
  expect((await ask(path, form)).status, path).toBe(303);
  const second = await ask(path, form);
  return [second.status, await second.text()];
}

/** A model with a champion, version 1, and a candidate, version 2. */
async function addTwo(name: string): Promise<void> {
  await addChampion(database.pool, testManifest(name));
  await addCandidate(database.pool, name);
}

const by = String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z,? by Ana in the console, session [\w-]{12}`;

test('a second click is told what the first has done, by whom and when', async () => {
  await addTwo('twice');
  await addTwo('clicked');
  const [down, up] = [await addTraining(database.pool, 'twice', 2), await addTraining(database.pool, 'twice', 2)];
  const seen = {
    [`twice/moves/turn-down?run=${down}`]: `run ${down} was turned down at ${by}: it is time; twice version 1 is the champion`,
    [`twice/moves/approve?run=${up}`]: `run ${up} was approved at ${by}: it is time; twice version 2 is the champion since ${by}`,
    'clicked/moves/promote?version=2': `clicked version 2 is the champion since ${by}: it is time`,
  };
  for (const [move, words] of Object.entries(seen)) {
    expect(await clickTwice(`/models/${move}`)).toEqual([
      200,
      expect.stringMatching(`There is nothing to change: ${words}`),
    ]);
  }
  // Asked the other way round, in a tab that was left open.
  const late = await ask(`/models/twice/moves/turn-down?run=${up}`);
  expect([late.status, await late.text()]).toEqual([409, expect.stringMatching(`run ${up} was approved at ${by}`)]);
});

test('what has become impossible by the first click says what was done last', async () => {
  await addTwo('undone');
  await clickTwice('/models/undone/moves/promote?version=2');
  expect(await clickTwice('/models/undone/moves/rollback')).toEqual([
    409,
    expect.stringMatching(`Done last: champion rollback, version 1, at ${by}`),
  ]);
  await clickTwice('/models/undone/moves/canary?version=2&share=0.2');
  expect(await clickTwice('/models/undone/moves/withdraw')).toEqual([
    409,
    expect.stringMatching(`Done last: rollout withdrawn, version 2, at ${by}`),
  ]);
});
