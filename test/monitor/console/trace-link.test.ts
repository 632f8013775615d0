import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { createSession, newSessionId } from '../../../monitor/console/session.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addChampion, drawRows, NOON, spread, storeBatch, testManifest } from '../fixture.js';
import { NOW, serveMonitor, TOKEN } from './fixture.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TEMPLATE = 'https://traces.example.org/?a="1"&trace={trace_id}&again={trace_id}';
const cookie = `plumbline_session=${createSession(TOKEN, NOW, newSessionId())}`;
let database: Awaited<ReturnType<typeof createDatabase>>;
let ids: string[];

beforeAll(async () => {
  database = await createDatabase();
  const version = await addChampion(database.pool, testManifest('traced'));
  ids = await storeBatch(database.pool, version, { at: spread(NOON, 60, 3), rows: drawRows(createRandom(72), 3) });
  const update = 'update predictions set trace_id = $2 where prediction_id = $1';
  await database.pool.query(update, [ids[0], TRACE]);
  await database.pool.query(update, [ids[1], '"><script>$&']);
});
afterAll(() => database.drop());

/** What a prediction's page says its trace is, with the content security policy. */
async function shownTrace(id: string, traceUrl?: string): Promise<{ shown: string; policy: string | null }> {
  const monitor = await serveMonitor(database.pool, { token: TOKEN, ...(traceUrl !== undefined && { traceUrl }) });
  try {
    const response = await fetch(`${monitor.url}/predictions/${id}`, { headers: { cookie } });
    const [, shown] = /<dt>Trace id<\/dt><dd>(.*?)<\/dd>/.exec(await response.text())!;
    return { shown: shown!, policy: response.headers.get('content-security-policy') };
  } finally {
    await monitor.close();
  }
}

test('a trace id is text where no trace store is named', async () => {
  expect((await shownTrace(ids[0]!)).shown).toBe(`<code>${TRACE}</code>`);
});

test('a trace id leads to its trace where one is, under the same policy', async () => {
  const { shown, policy } = await shownTrace(ids[0]!, TEMPLATE);
  const address = `https://traces.example.org/?a=&quot;1&quot;&amp;trace=${TRACE}&amp;again=${TRACE}`;
  expect(shown).toBe(`<a href="${address}"><code>${TRACE}</code></a>, if it was sampled`);
  expect(policy).toBe((await shownTrace(ids[0]!)).policy);
  expect(policy).toContain("default-src 'none'");
});

test('what stands in the row cannot leave the address', async () => {
  const { shown } = await shownTrace(ids[1]!, TEMPLATE);
  expect(shown).toContain('trace=%22%3E%3Cscript%3E%24%26&amp;again=%22%3E%3Cscript%3E%24%26"><code>');
  expect(shown).not.toContain('<script');
});

test('a prediction that was not traced has no link', async () => {
  expect((await shownTrace(ids[2]!, TEMPLATE)).shown).toBe('none: the request was not traced');
});
