import { afterAll, beforeAll, expect, test } from 'vitest';
import { WRONG_TOKEN_DELAY_MS } from '../../../monitor/console/attempts.js';
import { SESSION_SECONDS } from '../../../monitor/console/session.js';
import { createDatabase } from '../../helpers/postgres.js';
import { NOW, serveMonitor, TOKEN } from './fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let monitor: Awaited<ReturnType<typeof serveMonitor>>;
let closed: Awaited<ReturnType<typeof serveMonitor>>;
let now = NOW;
const delays: number[] = [];

beforeAll(async () => {
  database = await createDatabase();
  const delay = async (milliseconds: number): Promise<void> => void delays.push(milliseconds);
  monitor = await serveMonitor(database.pool, { token: TOKEN, delay, clock: () => now });
  closed = await serveMonitor(database.pool, {});
});
afterAll(async () => {
  await monitor.close();
  await closed.close();
  await database.drop();
});

const signIn = (token: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${monitor.url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ token }),
  });
const get = (path: string, headers: Record<string, string> = {}, url = monitor.url): Promise<Response> =>
  fetch(url + path, { headers, redirect: 'manual' });
const cookieOf = (response: Response): string => response.headers.get('set-cookie')!;

test('a page without a session leads to the form, which leads back', async () => {
  const response = await get('/models/wine?version=2');
  expect(response.status).toBe(303);
  expect(response.headers.get('location')).toBe('/sign-in?return=%2Fmodels%2Fwine%3Fversion%3D2');
  const form = await (await get(response.headers.get('location')!)).text();
  expect(form).toContain('name="return" value="/models/wine?version=2"');
});

test('a link to a report leads a browser to the form too, and tells a program what to send', async () => {
  const path = '/v1/models/wine/reports/data-drift';
  const visit = await get(path, { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
  expect([visit.status, visit.headers.get('location')]).toEqual([303, `/sign-in?return=${encodeURIComponent(path)}`]);
  const call = await get(path);
  expect([call.status, call.headers.get('content-type')]).toEqual([401, 'application/problem+json; charset=utf-8']);
});

test('the right token makes a session; the cookie is for this host alone and not for scripts', async () => {
  const response = await signIn(TOKEN);
  expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
  expect(cookieOf(response)).toMatch(
    /^plumbline_session=\d+\.[\w-]{12}\.[\w-]+; Max-Age=43200; Path=\/; .*HttpOnly; SameSite=Lax$/,
  );
  expect(cookieOf(response)).not.toContain(TOKEN);
  expect((await get('/', { cookie: cookieOf(response).split(';')[0]! })).status).toBe(200);
  expect(cookieOf(await signIn(TOKEN, { 'x-forwarded-proto': 'https' }))).toContain('; Secure');
});

test('a session in use is renewed, one that is over is not', async () => {
  const cookie = cookieOf(await signIn(TOKEN)).split(';')[0]!;
  expect((await get('/', { cookie })).headers.get('set-cookie')).toBeNull();
  now = new Date(NOW.getTime() + SESSION_SECONDS * 600);
  expect((await get('/', { cookie })).headers.get('set-cookie')).toContain('plumbline_session=');
  now = new Date(NOW.getTime() + SESSION_SECONDS * 1_001);
  expect((await get('/', { cookie })).status).toBe(303);
  now = NOW;
});

test('a wrong token is refused, slowly, in the form and as a bearer token', async () => {
  delays.length = 0;
  const response = await signIn(`${TOKEN}x`);
  expect(response.status).toBe(401);
  expect(response.headers.get('set-cookie')).toBeNull();
  expect(await response.text()).toContain('That is not the token.');
  const bearer = await get('/v1/models/wine/reports/data-drift', { authorization: 'Bearer wrong' });
  expect(bearer.status).toBe(401);
  expect(bearer.headers.get('www-authenticate')).toBe('Bearer');
  expect(delays).toEqual([WRONG_TOKEN_DELAY_MS, WRONG_TOKEN_DELAY_MS]);
});

test('a form of another site or another port is refused, whatever its token', async () => {
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://127.0.0.1:1' },
    { origin: 'null' },
  ]) {
    const response = await signIn(TOKEN, headers as Record<string, string>);
    expect([response.status, response.headers.get('set-cookie')], JSON.stringify(headers)).toEqual([403, null]);
  }
  expect((await signIn(TOKEN, { origin: monitor.url })).status).toBe(303);
});

test('pages that show rows are kept by no cache, framed by nobody, and run no script of elsewhere', async () => {
  const response = await get('/', { cookie: cookieOf(await signIn(TOKEN)).split(';')[0]! });
  expect(response.headers.get('cache-control')).toBe('no-store');
  const policy = response.headers.get('content-security-policy')!;
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
});

test('without a token in the settings the console and reports are closed, and say how to open them', async () => {
  for (const path of ['/', '/sign-in', '/models/wine', '/predictions/x']) {
    const response = await get(path, {}, closed.url);
    expect(response.status, path).toBe(403);
    expect(await response.text()).toContain('MONITOR_CONSOLE_TOKEN');
  }
  const report = await get('/v1/models/wine/reports/data-drift', { authorization: 'Bearer undefined' }, closed.url);
  expect(report.status).toBe(403);
  expect(report.headers.get('content-type')).toContain('application/problem+json');
  expect((await get('/metrics', {}, closed.url)).status).toBe(200);
});
