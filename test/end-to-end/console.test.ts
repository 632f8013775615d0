import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { compiledPath } from '../../core/package-path.js';
import { findChromium, overflow, seriousFindings, startBrowser, watchPage } from '../helpers/browser.js';
import { createStackPlace, plumbline, type Running, type StackPlace } from '../helpers/stack.js';
import { until } from '../helpers/until.js';

const chromium = findChromium();
const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function startStack(): Promise<{ place: StackPlace; link: string }> {
  const place = await createStackPlace();
  undo.push(() => place.remove());
  const running: Running = plumbline(['up'], place.environment);
  undo.push(async () => {
    running.child.kill('SIGTERM');
    await running.ended;
  });
  const link = await until(
    'the link of the console',
    () => {
      if (running.child.exitCode !== null) throw new Error(running.output());
      return running.output().includes('npm run demo') && /http:\S+\/sign-in#[\w-]+/.exec(running.output())?.[0];
    },
    120_000,
  );
  return { place, link };
}

/** Sends drifting rows until the test ends: their mix changes and what makes wines good does not, so the model stays. */
function startTraffic(place: StackPlace): void {
  const options = {
    url: `http://127.0.0.1:${place.servicePort}`,
    model: 'wine-quality',
    rows: join(place.home, 'examples/wine-quality/test.csv'),
    rate: 200,
    batch: 5,
    scenario: 'population-shift',
    'start-after': 2_000,
    'outcomes-delay': 1,
  };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [compiledPath('traffic/main.js'), ...flags], { stdio: 'ignore' });
  undo.push(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  });
}

test.skipIf(!chromium)('the console of a running stack goes from empty to drift by itself, and shows why', async () => {
  const { place, link } = await startStack();
  const browser: Browser = await startBrowser(chromium!);
  undo.push(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1_280, height: 900 } });
  const { page, problems } = await watchPage(context, new URL(link).origin);
  await page.goto(link);
  await page.getByRole('heading', { name: 'Not enough data to tell yet' }).waitFor();
  expect(await page.locator('.next').innerText()).toContain('No rows yet.');

  startTraffic(place);
  await page.getByRole('heading', { name: 'wine-quality has drifted' }).waitFor({ timeout: 120_000 });
  expect(await page.locator('.why').innerText()).toMatch(/^alcohol: PSI/);
  expect(await seriousFindings(page)).toEqual([]);

  await page.getByRole('link', { name: 'wine-quality' }).click();
  await page.getByRole('heading', { name: 'Retrainings' }).waitFor();
  expect(await page.locator('#drift .headline').innerText()).toMatch(
    /^Drift is confirmed in \d of 3 features: alcohol/,
  );
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(await seriousFindings(page)).toEqual([]);

  await page.locator('#traffic tbody a').first().click();
  await page.getByRole('heading', { name: 'What went in' }).waitFor();
  expect(await page.locator('#features-title ~ .table tbody tr').count()).toBe(3);
  expect(problems).toEqual([]);
});
