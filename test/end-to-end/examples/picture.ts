import { join } from 'node:path';
import { signInLink } from '../../../cli/stack/stack-file.js';
import { packagePath } from '../../../core/package-path.js';
import { findChromium, startBrowser } from '../../helpers/browser.js';
import type { ExampleStack } from './example-stack.js';

/** Set to anything to take the pictures of the examples' READMEs anew. */
const IS_WANTED = process.env.EXAMPLE_PICTURES !== undefined;

/**
 * Photographs the console as it is now, for the README of an example; nothing unless it is asked for.
 * @param section  of the page of the model; the first page when left out
 */
export async function takePicture({ name, stack }: ExampleStack, section?: string): Promise<void> {
  const chromium = findChromium();
  if (!IS_WANTED || !chromium) return;
  const browser = await startBrowser(chromium);
  try {
    const page = await browser.newPage({ viewport: { width: 1_240, height: 660 }, deviceScaleFactor: 1.25 });
    await page.goto(signInLink(stack));
    await page.getByRole('heading', { name }).first().waitFor();
    const path = join(packagePath('examples'), name, 'console.png');
    if (section === undefined) {
      await page.screenshot({ path });
      return;
    }
    await page.goto(`${stack.monitorUrl}/models/${name}`);
    const { y, height } = (await page.locator(`#${section}`).boundingBox())!;
    // Axes and tables reach a little beyond their section.
    await page.screenshot({ path, fullPage: true, clip: { x: 0, y: y - 20, width: 1_240, height: height + 40 } });
  } finally {
    await browser.close();
  }
}
