import { defineConfig } from 'vitest/config';

const globalSetup = ['test/helpers/global-setup.ts'];
const BROWSER_TESTS = 'test/monitor/console/pages.test.ts';

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/end-to-end/**', BROWSER_TESTS],
          globalSetup,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          // Chromium does the work, so a second Node has nothing to show here: CI runs it on one.
          name: 'browser',
          include: [BROWSER_TESTS],
          globalSetup,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          // Whole stacks with real waiting: one file after the other, when nothing else runs; of a file that says so, two tests at once.
          name: 'end-to-end',
          include: ['test/end-to-end/**/*.test.ts'],
          globalSetup,
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          maxConcurrency: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
