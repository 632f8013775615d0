import { readFile, writeFile } from 'node:fs/promises';
import type { Healing } from './heal.js';

/** What was measured of one example, and where. */
export interface ExampleResult {
  /** ISO 8601. */
  measuredAt: string;
  commit: string;
  node: string;
  processor: string;
  cores: number;
  /** Load averages of the last 1, 5 and 15 minutes when it began. */
  loadAverage: string;
  loops: Healing[];
}

/** By name of an example, as it was last measured. */
export type HealingResults = Record<string, ExampleResult>;

/** What a file holds, or nothing yet, without what an earlier form of the benchmark measured; instants are instants again. */
export async function readHealingResults(path: string): Promise<HealingResults> {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
  const results = JSON.parse(text, (key, value: unknown) =>
    key !== 'measuredAt' && typeof value === 'string' && isInstant.test(value) ? new Date(value) : value,
  ) as HealingResults;
  const ofThisForm = Object.entries(results).filter(([, { loops }]) => loops.every((loop) => 'apart' in loop));
  return Object.fromEntries(ofThisForm);
}

/** Writes them. */
export async function writeHealingResults(path: string, results: HealingResults): Promise<void> {
  await writeFile(path, `${JSON.stringify(results, null, 2)}\n`);
}
