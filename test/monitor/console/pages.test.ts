import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  findChromium,
  overflow,
  seriousFindings,
  startBrowser,
  VIEWS,
  type View,
  watchPage,
} from '../../helpers/browser.js';
import { createDatabase } from '../../helpers/postgres.js';
import { ADDING_MODELS_MS, addModels, HOSTILE, serveMonitor, TOKEN } from './fixture.js';
import { addCandidate, addTraining } from './training-fixture.js';

const chromium = findChromium();
let database: Awaited<ReturnType<typeof createDatabase>>;
let monitor: Awaited<ReturnType<typeof serveMonitor>>;
let browser: Browser;
let predictions: Record<string, string>;
let run: string;

beforeAll(async () => {
  database = await createDatabase();
  await addModels(database.pool);
  run = await addTraining(database.pool, 'calm', await addCandidate(database.pool, 'calm'));
  const { rows } = await database.pool.query<{ model: string; id: string }>(
    'select distinct on (model_name) model_name as model, prediction_id as id from predictions',
  );
  predictions = Object.fromEntries(rows.map(({ model, id }) => [model, id]));
  monitor = await serveMonitor(database.pool);
  if (chromium) browser = await startBrowser(chromium);
}, ADDING_MODELS_MS);
afterAll(async () => {
  await browser?.close();
  await monitor.close();
  await database.drop();
});

/** A context that came by the link that `plumbline up` prints. */
async function signedIn(options: { width: number; colorScheme: 'light' | 'dark' }): Promise<BrowserContext> {
  const { width, colorScheme } = options;
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  await page.goto(`${monitor.url}/sign-in#${TOKEN}`);
  await page.waitForURL(`${monitor.url}/`);
  await page.close();
  return context;
}

const reports = ['data-drift', 'data-quality', 'target-drift', 'model-performance'];
function reportOf(model: string, kind: string): [name: string, path: () => string, heading: string] {
  return [`${kind} report of ${model}`, () => `/v1/models/${model}/reports/${kind}?format=html`, `of ${model}`];
}

const PAGES: [name: string, path: () => string, heading: string][] = [
  ['overview', () => '/', 'have drifted'],
  ['drifted model', () => '/models/drifted', 'drifted'],
  ['calm model', () => '/models/calm', 'calm'],
  ['model with hostile names', () => '/models/hostile', 'hostile'],
  ['model without rows', () => '/models/no-rows', 'no-rows'],
  ['model with too few rows', () => '/models/thin', 'thin'],
  ['model of missing values', () => '/models/all-missing', 'all-missing'],
  ['model with broken data', () => '/models/broken', 'broken'],
  ['model with many categories', () => '/models/many-categories', 'many-categories'],
  ['model with several windows', () => '/models/several', 'several'],
  ['model without a champion', () => '/models/no-champion', 'no-champion'],
  ['no such model', () => '/models/elsewhere', 'Not here'],
  ['trainings', () => '/runs', 'Trainings'],
  ['training', () => `/runs/${run}`, 'Retraining of calm'],
  ['move', () => '/models/calm/moves/shadow?version=2', 'Try version 2 in the shadow'],
  ['record', () => '/models/calm/moves', 'On record'],
  ['no page at all', () => '/elsewhere', 'Not here'],
  ['search for a prediction', () => '/predictions', 'Predictions'],
  ['prediction', () => `/predictions/${predictions.drifted}`, 'Prediction'],
  ['prediction with hostile names', () => `/predictions/${predictions.hostile}`, 'Prediction'],
  ...['drifted', 'hostile', 'no-rows'].flatMap((model) => reports.map((kind) => reportOf(model, kind))),
  ...['broken', 'all-missing', 'many-categories', 'several', 'thin'].map((model) => reportOf(model, 'data-drift')),
  reportOf('all-missing', 'data-quality'),
];

/** Looks at an open page in every view: as it comes, and with everything unfolded, which is as sound as what is seen at once. */
async function expectSound(page: Page): Promise<void> {
  const look = async ({ name, width, colorScheme }: View): Promise<string> => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    expect(await overflow(page), name).toBeLessThanOrEqual(0);
    return name;
  };
  for (const view of VIEWS) await look(view);
  await page.evaluate('document.querySelectorAll("details").forEach((d) => d.setAttribute("open", ""))');
  for (const view of VIEWS) {
    const name = await look(view);
    expect(await seriousFindings(page), name).toEqual([]);
  }
}

describe.skipIf(!chromium)('in Chromium, in every view', () => {
  let context: BrowserContext;
  beforeAll(async () => {
    context = await signedIn(VIEWS[0]!);
  });
  afterAll(() => context.close());

  test.each(PAGES)('%s: nothing fails, nothing is blocked, nothing is out of reach', async (_, path, heading) => {
    const { page, problems } = await watchPage(context, monitor.url);
    const response = await page.goto(monitor.url + path());
    expect(await page.locator('h1').innerText()).toContain(heading);
    await expectSound(page);
    // Chromium writes an answer of 404 or 409 to the console by itself.
    const status = response!.status();
    expect(problems.filter((problem) => status === 200 || !problem.includes(String(status)))).toEqual([]);
    await page.close();
  });

  test('the sign-in page', async () => {
    const stranger = await browser.newContext();
    const { page, problems } = await watchPage(stranger, monitor.url);
    await page.goto(`${monitor.url}/models/drifted`);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await expectSound(page);
    expect(problems).toEqual([]);
    await stranger.close();
  });

  test.each(['before any model', 'closed'])('the first page %s', async (state) => {
    const empty = await createDatabase();
    const own = await serveMonitor(empty.pool, state === 'closed' ? {} : undefined);
    const newcomer = await browser.newContext();
    const link = await newcomer.newPage();
    if (state !== 'closed') await link.goto(`${own.url}/sign-in#${TOKEN}`);
    if (state !== 'closed') await link.waitForURL(`${own.url}/`);
    const { page, problems } = await watchPage(newcomer, own.url);
    await page.goto(own.url);
    const heading = state === 'closed' ? 'The console is closed' : 'No model yet';
    await page.getByRole('heading', { name: heading }).waitFor();
    await expectSound(page);
    expect(problems.filter((problem) => !problem.includes('403'))).toEqual([]);
    await newcomer.close();
    await own.close();
    await empty.drop();
  });
});

describe.skipIf(!chromium)('in Chromium', () => {
  test('a wrong token in the sign-in form', async () => {
    const context = await browser.newContext({ viewport: { width: 360, height: 900 } });
    const page = await context.newPage();
    await page.goto(`${monitor.url}/sign-in`);
    await page.getByLabel('Token of this monitor').fill('not the token at all');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await context.close();
  });

  test('on paper a report is light, whole, and no wider than the sheet', async () => {
    const context = await signedIn({ width: 700, colorScheme: 'dark' });
    const page = await context.newPage();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.goto(`${monitor.url}/v1/models/drifted/reports/data-drift?format=html`);
    const colour = (of: string) =>
      page.evaluate(`getComputedStyle(document.querySelector('${of}')).${of === 'body' ? 'backgroundColor' : 'fill'}`);
    expect(await colour('body')).toBe('rgb(255, 255, 255)');
    expect(await colour('.chart .reference')).toBe('rgb(198, 192, 178)');
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await page.locator('details.numbers > summary').first().isVisible()).toBe(false);
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
    await context.close();
  });

  test('a wrong token is told, the right one leads to the page that was asked for, and out again', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${monitor.url}/models/calm`);
    await page.getByLabel('Token of this monitor').fill('not the token at all');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await page.getByRole('alert').innerText()).toBe('That is not the token.');
    await page.getByLabel('Token of this monitor').fill(TOKEN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${monitor.url}/models/calm`);
    expect(await context.cookies()).toMatchObject([{ httpOnly: true, sameSite: 'Lax', path: '/' }]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${monitor.url}/sign-in`);
    expect(await context.cookies()).toEqual([]);
    await context.close();
  });

  test('the token of a link does not stay in the address', async () => {
    const context = await signedIn({ width: 800, colorScheme: 'light' });
    const page = await context.newPage();
    await page.goto(`${monitor.url}/sign-in#${TOKEN}`);
    await page.waitForURL(`${monitor.url}/`);
    await page.goBack();
    expect(page.url()).not.toContain(TOKEN);
    await context.close();
  });

  test('hostile names are shown as they are, and nowhere as markup', async () => {
    const context = await signedIn({ width: 1_280, colorScheme: 'light' });
    const page = await context.newPage();
    await page.goto(`${monitor.url}/models/hostile`);
    const names = await page.locator('#drift h3').allInnerTexts();
    expect(names.join('\n')).toContain(HOSTILE.markup);
    expect(names.join('\n')).toContain(HOSTILE.quotes);
    expect(names.some((name) => name.startsWith(HOSTILE.long))).toBe(true);
    expect(await page.locator('main script, main img').count()).toBe(0);
    await context.close();
  });

  test('a prediction is shown with what was sent, where its features are made of it', async () => {
    const context = await signedIn({ width: 1_280, colorScheme: 'light' });
    const page = await context.newPage();
    await page.goto(`${monitor.url}/predictions/${predictions.hostile}`);
    const rows = page
      .getByRole('region', { name: 'The raw inputs, of which the features are made' })
      .locator('tbody tr');
    expect(await rows.locator('td').allInnerTexts()).toEqual([`${HOSTILE.markup} ${HOSTILE.long}`, '2.5', 'missing']);
    expect(await rows.locator('th').allInnerTexts()).toEqual([
      `${HOSTILE.quotes} ${HOSTILE.markup}`,
      HOSTILE.long,
      'nothing',
    ]);
    await page.goto(`${monitor.url}/predictions/${predictions.calm}`);
    expect(await page.getByText('What was sent').count()).toBe(0);
    await context.close();
  });

  test('a page brings itself up to date, and what was opened stays open', async () => {
    const context = await signedIn({ width: 1_280, colorScheme: 'light' });
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(`${monitor.url}/models/calm`);
    await page.locator('#all-feature summary').click();
    await page.locator('h1').evaluate('document.activeElement.blur()');
    await database.pool.query(
      `insert into promotions (model_name, to_version, decided_by, reason) values ('calm', 1, 'test', 'told anew')`,
    );
    await page.clock.fastForward(6_000);
    await page.getByText('told anew').waitFor();
    expect(await page.locator('#all-feature').getAttribute('open')).not.toBeNull();
    await context.close();
  });

  test('a prediction is found by its id', async () => {
    const context = await signedIn({ width: 1_280, colorScheme: 'light' });
    const page = await context.newPage();
    await page.goto(monitor.url);
    await page.getByLabel('Find a prediction by its id').fill(predictions.calm!);
    await page.getByRole('button', { name: 'Find' }).click();
    await page.waitForURL(`${monitor.url}/predictions/${predictions.calm}`);
    expect(await page.locator('h1').innerText()).toContain(predictions.calm);
    await context.close();
  });

  test('a version is promoted from the page of its model, without scripts', async () => {
    const own = await signedIn({ width: 360, colorScheme: 'light' });
    const context = await browser.newContext({ javaScriptEnabled: false, storageState: await own.storageState() });
    const page = await context.newPage();
    await page.goto(`${monitor.url}/models/no-champion`);
    await page.getByRole('link', { name: 'promote version 1' }).click();
    await page.getByText('version 1 becomes the champion of no-champion, which has none').waitFor();
    await page.getByLabel('Why? It goes on record.').fill('the first of its kind');
    await page.getByLabel('Your name').fill('Ana');
    await page.getByRole('button', { name: 'Promote version 1' }).click();
    await page.getByRole('status').getByText('champion promotion, version 1, by Ana in the console').waitFor();
    expect(new URL(page.url()).pathname).toBe('/models/no-champion/moves');
    await page.goto(`${monitor.url}/models/no-champion`);
    expect(await page.locator('h1').innerText()).toContain('version 1, champion');
    await context.close();
    await own.close();
  });
});
