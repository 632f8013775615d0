import { afterAll, beforeAll, expect, test } from 'vitest';
import { listModelAudit } from '../../../core/audit/list.js';
import { loadRollouts } from '../../../core/registry/rollouts.js';
import { loadChampion } from '../../../core/registry/versions.js';
import { createDatabase } from '../../helpers/postgres.js';
import { smallRows } from '../../helpers/project.js';
import { addLabelled, addSmallModel } from '../../trainer/harness.js';
import { addChampion, testManifest } from '../fixture.js';
import { HOSTILE, serveMonitor, TOKEN } from './fixture.js';
import { addCandidate, addHeldRun, addTraining } from './training-fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let monitor: Awaited<ReturnType<typeof serveMonitor>>;
let cookie: string;

beforeAll(async () => {
  database = await createDatabase();
  monitor = await serveMonitor(database.pool);
  cookie = await signIn();
});
afterAll(async () => {
  await monitor.close();
  await database.drop();
});

async function signIn(): Promise<string> {
  const response = await fetch(`${monitor.url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ token: TOKEN }),
  });
  return response.headers.get('set-cookie')!.split(';')[0]!;
}

/** A model with a champion, version 1, and a candidate, version 2. */
async function addTwo(name: string): Promise<void> {
  await addChampion(database.pool, testManifest(name));
  await addCandidate(database.pool, name);
}

interface Shown {
  status: number;
  text: string;
  /** The hidden fields of the form that makes the move. */
  hidden: { shown: string; signature: string };
}

async function show(path: string, headers: Record<string, string> = { cookie }, url = monitor.url): Promise<Shown> {
  const response = await fetch(url + path, { headers, redirect: 'manual' });
  const text = await response.text();
  const field = (name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '';
  return { status: response.status, text, hidden: { shown: field('shown'), signature: field('signature') } };
}

async function send(
  path: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<{ status: number; location: string; text: string }> {
  const body = new URLSearchParams(form);
  const options = { method: 'POST', redirect: 'manual', headers: { cookie, ...headers }, body } as const;
  const response = await fetch(monitor.url + path, options);
  return { status: response.status, location: response.headers.get('location') ?? '', text: await response.text() };
}

/** Makes a move as a person does: looks at what will change, and agrees. @returns the page that is led to */
async function make(path: string): Promise<Shown> {
  const { hidden, status, text } = await show(path);
  expect([status, hidden.shown], text).toEqual([200, expect.stringMatching(/^[0-9a-f]{64}$/)]);
  const { location, ...answer } = await send(path, { ...hidden, reason: 'it is time', name: 'Ana' });
  expect(answer.status, answer.text).toBe(303);
  return show(location);
}

const championOf = async (name: string) => (await loadChampion(database.pool, name))?.modelVersion;
const lastOf = async (name: string) => (await listModelAudit(database.pool, name, 1))[0]!;

test('a promotion says what will change, is made once it is confirmed, and stands on record with who and why', async () => {
  await addTwo('wine');
  const path = '/models/wine/moves/promote?version=2';
  const { text } = await show(path);
  expect(text).toContain('version 2 becomes the champion of wine in place of version 1');
  expect(await championOf('wine')).toBe(1);
  const after = await make(path);
  expect(await championOf('wine')).toBe(2);
  expect(after.text).toMatch(
    /Done\.<\/strong> champion promotion, version 2, by Ana in the console, session [\w-]{12}\./,
  );
  expect(await lastOf('wine')).toMatchObject({
    action: 'champion.promotion',
    actor: `Ana in the console, session ${cookie.split('.')[1]}`,
    details: { from: 1, reason: 'it is time' },
  });
  const again = await show(path);
  expect([again.status, again.text]).toEqual([200, expect.stringContaining('There is nothing to change')]);
});

test('without a session nothing is shown and nothing moves', async () => {
  await addTwo('closed');
  const path = '/models/closed/moves/promote?version=2';
  const form = { ...(await show(path)).hidden, reason: 'as a stranger' };
  const post = await send(path, form, { cookie: '' });
  expect([post.status, post.location]).toEqual([303, `/sign-in?return=${encodeURIComponent(path)}`]);
  for (const page of [path, '/models/closed/moves', '/runs']) {
    expect((await show(page, {})).status, page).toBe(303);
  }
  expect(await championOf('closed')).toBe(1);
});

test('a form of another site, session, move or plan is refused', async () => {
  await addTwo('forged');
  const path = '/models/forged/moves/promote?version=2';
  const form = { ...(await show(path)).hidden, reason: 'forged' };
  const other = await show('/models/forged/moves/pause');
  const stranger = await signIn();
  expect(stranger).not.toBe(cookie);
  const attempts: [Record<string, string>, Record<string, string>][] = [
    [form, { 'sec-fetch-site': 'cross-site' }],
    [form, { 'sec-fetch-site': 'same-site' }],
    [form, { origin: 'http://127.0.0.1:1' }],
    [form, { cookie: stranger }],
    [{ ...form, signature: '' }, {}],
    [{ ...form, ...other.hidden }, {}],
    [{ ...form, shown: other.hidden.shown }, {}],
    [{ reason: 'forged' }, {}],
  ];
  for (const [fields, headers] of attempts) {
    const { status, text } = await send(path, fields, headers);
    expect([status, text], JSON.stringify([fields, headers])).toEqual([
      403,
      expect.stringContaining('nothing was changed'),
    ]);
  }
  expect((await send('/models/forged/moves/pause', form)).status).toBe(403);
  expect(await championOf('forged')).toBe(1);
  expect((await send(path, form, { origin: monitor.url, 'sec-fetch-site': 'same-origin' })).status).toBe(303);
});

test('a move without a reason is not made, and what was typed stays', async () => {
  await addTwo('silent');
  const path = '/models/silent/moves/promote?version=2';
  const { status, text } = await send(path, { ...(await show(path)).hidden, reason: ' \n ', name: HOSTILE.quotes });
  expect([status, text]).toEqual([400, expect.stringContaining('Say why')]);
  expect(text).toContain('value="&quot;&#39;&gt;&lt;img src=x');
  expect(await championOf('silent')).toBe(1);
});

test('a form that was used is of no use when a colleague has brought back what it was made for', async () => {
  await addTwo('replayed');
  const path = '/models/replayed/moves/pause';
  const used = { ...(await show(path)).hidden, reason: 'the old reason' };
  expect((await send(path, used)).status).toBe(303);
  const second = await send(path, used);
  expect([second.status, second.text]).toEqual([200, expect.stringContaining('There is nothing to change')]);
  await make('/models/replayed/moves/resume');
  const late = await send(path, used);
  expect([late.status, late.text]).toEqual([409, expect.stringContaining('Things have changed')]);
  expect((await lastOf('replayed')).action).toBe('model.resumed');
});

test('what a retraining does on its way leaves a form as it is', async () => {
  await addTwo('busy');
  const path = '/models/busy/moves/pause';
  const form = { ...(await show(path)).hidden, reason: 'too busy' };
  await addTraining(database.pool, 'busy', 2);
  expect((await send(path, form)).status).toBe(303);
});

test('a character that the cut of a long reason or name divides is left out', async () => {
  await addTwo('long');
  const path = '/models/long/moves/promote?version=2';
  const { hidden } = await show(path);
  const given = { reason: `${'a'.repeat(999)}\u{1F600}`, name: `${'b'.repeat(79)}\u{1F600}` };
  expect((await send(path, { ...hidden, ...given })).status).toBe(303);
  const { actor, details } = await lastOf('long');
  expect([actor.split(' ')[0], details]).toEqual(['b'.repeat(79), { from: 1, reason: 'a'.repeat(999) }]);
});

test('when things have changed meanwhile nothing happens, and the page says what it would do now', async () => {
  await addTwo('raced');
  const third = await addCandidate(database.pool, 'raced');
  const path = '/models/raced/moves/promote?version=2';
  const { hidden } = await show(path);
  await make(`/models/raced/moves/promote?version=${third}`);
  const { status, text } = await send(path, { ...hidden, reason: 'too late' });
  expect([status, text]).toEqual([409, expect.stringContaining('Things have changed')]);
  expect(text).toContain('version 2 becomes the champion of raced in place of version 3');
  expect(text).toContain('>too late</textarea>');
  expect(await championOf('raced')).toBe(third);
});

test('what is not possible is said politely, and what is no move is not there', async () => {
  await addChampion(database.pool, testManifest('alone'));
  const refused = await show('/models/alone/moves/rollback');
  expect([refused.status, refused.text]).toEqual([
    409,
    expect.stringContaining('version 1 of alone replaced no other'),
  ]);
  const share = await show('/models/wine/moves/canary?version=1&share=0.9');
  expect([share.status, share.text]).toEqual([409, expect.stringContaining('share is 0.9, wanted 0 to 0.5')]);
  const rows = await show('/models/alone/moves/rebaseline?rows=100000000');
  expect([rows.status, rows.text]).toEqual([409, expect.stringContaining('rows is 100000000, wanted a whole number')]);
  const run = await addTraining(database.pool, 'alone', 1);
  const foreign = await show(`/models/wine/moves/turn-down?run=${run}`);
  expect([foreign.status, foreign.text]).toEqual([409, expect.stringContaining('that run is of alone, not of wine')]);
  for (const path of [
    'wine/moves/delete',
    'wine/moves/toString',
    'wine/moves/promote',
    'wine/moves/promote?version=1x',
    'wine/moves/approve?run=1',
    'w%00/moves/pause',
    'nobody/moves',
  ]) {
    expect((await show(`/models/${path}`)).status, path).toBe(404);
  }
});

test('rollback, shadow, canary, the end of a rollout, pause and resume', async () => {
  await addTwo('moved');
  await make('/models/moved/moves/promote?version=2');
  await make('/models/moved/moves/rollback');
  expect(await championOf('moved')).toBe(1);
  for (const [path, policy] of [
    ['shadow?version=2&rows=50&share=0', { shadowRows: 50, canaryShare: 0 }],
    ['canary?version=2&share=0.2', { shadowRows: 0, canaryShare: 0.2, canaryRows: 500 }],
  ] as const) {
    await make(`/models/moved/moves/${path}`);
    expect(await loadRollouts(database.pool, 'moved')).toMatchObject([{ modelVersion: 2, policy }]);
    expect((await show('/models/moved')).text).toContain('End the rollout');
    await make('/models/moved/moves/withdraw');
    expect(await loadRollouts(database.pool, 'moved')).toEqual([]);
  }
  await make('/models/moved/moves/pause');
  expect((await show('/models/moved')).text).toMatch(/Paused<\/strong>.* by Ana in the console.*it is time/s);
  await make('/models/moved/moves/resume');
  expect((await lastOf('moved')).action).toBe('model.resumed');
});

test('a challenger is approved or turned down, and a held run let pass', async () => {
  await addTwo('asked');
  const [first, second] = [await addTraining(database.pool, 'asked', 2), await addTraining(database.pool, 'asked', 2)];
  await make(`/models/asked/moves/turn-down?run=${first}`);
  expect([(await lastOf('asked')).action, await championOf('asked')]).toEqual(['run.kept', 1]);
  await make(`/models/asked/moves/approve?run=${second}`);
  expect([(await lastOf('asked')).action, await championOf('asked')]).toEqual(['run.promoted', 2]);
  const held = await addHeldRun(database.pool, 'asked', 'cool-down');
  expect((await show(`/runs/${held}`)).text).toContain(`/models/asked/moves/override?run=${held}`);
});

test('the present rows become the reference of the unchanged model', async () => {
  await addSmallModel(database.pool, 'rebased');
  const few = await show('/models/rebased/moves/rebaseline?rows=300');
  const refused = await send('/models/rebased/moves/rebaseline?rows=300', { ...few.hidden, reason: 'too early' });
  expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('has 0 live rows')]);
  await addLabelled(database.pool, { name: 'rebased', version: 1, rows: smallRows(250, 4) });
  await make('/models/rebased/moves/rebaseline?rows=300');
  expect((await loadChampion(database.pool, 'rebased'))!.lineage).toMatchObject({ rebaselined: { rows: 250 } });
});

test('with moves switched off the console only shows', async () => {
  const shut = await serveMonitor(database.pool, { token: TOKEN, consoleMoves: false });
  const path = '/models/wine/moves/rollback';
  const get = await show(path, { cookie }, shut.url);
  expect([get.status, get.text]).toEqual([403, expect.stringContaining('MONITOR_CONSOLE_MOVES=off')]);
  const form = { ...(await show(path)).hidden, reason: 'why not' };
  const post = await fetch(shut.url + path, { method: 'POST', headers: { cookie }, body: new URLSearchParams(form) });
  expect([post.status, await championOf('wine')]).toEqual([403, 2]);
  expect((await show('/models/wine', { cookie }, shut.url)).text).not.toContain('/moves/');
  expect((await show('/models/wine/moves', { cookie }, shut.url)).status).toBe(200);
  await shut.close();
});
