import { readFile } from 'node:fs/promises';
import type { Plan } from '../plan.js';
import type { BatchesRound } from '../sections/batches/measure.js';
import type { LatencyFound } from '../sections/latency/measure.js';
import type { MemoryFound } from '../sections/memory/measure.js';
import type { OverloadFound } from '../sections/overload/measure.js';
import type { ServersFound } from '../sections/servers/measure.js';
import type { ShippingRound } from '../sections/shipping/measure.js';
import type { TracingFound } from '../sections/tracing/measure.js';
import type { Disturbance } from '../servers/meter.js';
import type { Machine } from './machine.js';

/** What each section of the benchmark finds. */
export interface SectionFindings {
  servers: ServersFound;
  latency: LatencyFound;
  batches: BatchesRound[];
  overload: OverloadFound;
  shipping: ShippingRound[];
  tracing: TracingFound;
  memory: MemoryFound;
}

/** Name of a section. */
export type SectionName = keyof SectionFindings;

/** When, where and how a section was measured. */
export interface Stamp {
  /** Instants of start and end, ISO 8601. */
  startedAt: string;
  endedAt: string;
  loadAverageAtStart: string;
  loadAverageAtEnd: string;
  machine: Machine;
  postgres: { version: string; durability: string };
  /** `name==version` of the Python packages, by environment. */
  packages: Record<string, string[]>;
  plan: Plan;
  data: string;
  trees: number;
}

/** A section that was measured; or, without `found`, one that failed. */
export interface Measured<Found> {
  stamp: Stamp;
  disturbances: Disturbance[];
  found?: Found;
  failure?: string;
}

/** What the results file holds and the document is made from: each section as it was last measured. */
export type BenchResults = { [Name in SectionName]?: Measured<SectionFindings[Name]> };

/** Reads the results of earlier runs; none when the file is not there. */
export async function readResults(path: string): Promise<BenchResults> {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  return JSON.parse(text) as BenchResults;
}
