import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findTool } from './tool.js';

/** How a page is looked at. */
export interface View {
  name: string;
  width: number;
  colorScheme: 'light' | 'dark';
}

/** Every page is looked at in each of these. */
export const VIEWS: View[] = [
  { name: 'light', width: 1_280, colorScheme: 'light' },
  { name: 'dark', width: 1_280, colorScheme: 'dark' },
  { name: 'narrow', width: 360, colorScheme: 'light' },
];

/** Path of Chromium; undefined where there is none. @throws Error in CI with the install command */
export function findChromium(): string | undefined {
  return findTool(['chromium', 'chromium-browser', 'google-chrome'], 'apt-get install chromium');
}

/** Starts Chromium without a window; it speaks to nobody on its own. */
export async function startBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

/** A page, and all that went wrong on it: errors, warnings, blocked content, requests to elsewhere or that failed. */
export interface WatchedPage {
  page: Page;
  problems: string[];
}

/** Opens a tab in a context and collects its problems. */
export async function watchPage(context: BrowserContext, origin: string): Promise<WatchedPage> {
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) problems.push(`request to ${request.url()}`);
  });
  page.on('requestfailed', (request) => problems.push(`failed: ${request.url()}`));
  return { page, problems };
}

/**
 * Nodes of what passed are neither kept nor sent here: on a page of a thousand nodes that is most of the time of a check.
 * `preload` would read style sheets and media beforehand, for rules about audio and about one that is off.
 */
const FIND_VIOLATIONS = `axe.run({ resultTypes: ['violations'], preload: false }).then(({ violations }) => violations)`;

/** What axe-core finds serious or critical on a page, in words. */
export async function seriousFindings(page: Page): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  const violations = (await page.evaluate(FIND_VIOLATIONS)) as axe.AxeResults['violations'];
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map((node) => `${id} (${help}): ${node.html.slice(0, 200)}`));
}

/** By how many pixels a page is wider than its window. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - window.innerWidth') as Promise<number>;
}
