import { join } from 'node:path';
import { signInLink } from '../../../cli/stack/stack-file.js';
import { packagePath } from '../../../core/package-path.js';
import { findChromium, startBrowser } from '../../helpers/browser.js';
import type { ExampleStack } from './example-stack.js';

/** Set to anything to take the pictures of the examples' READMEs anew. */
const IS_WANTED = process.env.EXAMPLE_PICTURES !== undefined;

/**
 * Photographs the console as it is now, for the README of an example; nothing unless it is asked for.
 * @param path  the page, and the part of it that is at the top of the picture
 */
export async function takePicture({ name, stack }: ExampleStack, path = '/'): Promise<void> {
  const chromium = findChromium();
  if (!IS_WANTED || !chromium) return;
  const browser = await startBrowser(chromium);
  try {
    const page = await browser.newPage({ viewport: { width: 1_240, height: 660 }, deviceScaleFactor: 1.25 });
    await page.goto(signInLink(stack));
    await page.getByRole('heading', { name }).first().waitFor();
    if (path !== '/') await page.goto(stack.monitorUrl + path);
    await page.getByRole('heading', { name }).first().waitFor();
    await page.screenshot({ path: join(packagePath('examples'), name, 'console.png') });
  } finally {
    await browser.close();
  }
}
