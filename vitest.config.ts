import { defineConfig } from 'vitest/config';

const globalSetup = ['test/helpers/global-setup.ts'];
/** Chromium, Postgres, other programs or arithmetic do the work, so a second Node has little to show: CI runs these on one. */
const ON_ANY_NODE = [
  'test/contracts/!(exposition).test.ts',
  'test/monitor/{backtest,performance,statistics,verdicts}/**/*.test.ts',
  'test/monitor/console/pages.test.ts',
  'test/trainer/builtin/{gbdt,linear,onnx}/**/*.test.ts',
];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/end-to-end/**', ...ON_ANY_NODE],
          globalSetup,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'any-node',
          include: ON_ANY_NODE,
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
