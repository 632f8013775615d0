import type { InferenceAlone } from '../floor/session-run.js';
import type { Plan } from '../plan.js';
import type { ContestantResult } from '../results.js';
import type { Machine } from './machine.js';

/** All that a run found: what results.json holds and the document is made from. */
export interface BenchResults {
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
  results: ContestantResult[];
  inference: InferenceAlone[];
}
