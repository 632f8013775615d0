import type { Collector } from './collector.js';
import type { Contestant, EnvironmentName } from './contestants/contestant.js';
import type { BenchDatabase } from './database.js';
import type { BenchModel } from './model/prepare.js';
import type { Plan } from './plan.js';
import type { Metered } from './servers/meter.js';

/** What a section measures with. */
export interface BenchContext {
  plan: Plan;
  model: BenchModel;
  database: BenchDatabase;
  collector: Collector;
  /** The servers to measure beside each other. */
  contestants: readonly Contestant[];
  /** Folder for what is made on the way. */
  cache: string;
  /** Path of a program in the virtual environment of that name. Throws why it is not there. */
  program(environment: EnvironmentName | undefined, name: string): string;
  /** A model like `model`, trained on rows of another seed; made in `folder` (cached by nobody). */
  trainAnother(folder: string, seed: number): Promise<BenchModel>;
  /** Meters a server while `measure` runs; what others had of the cores meanwhile is told in the document. */
  meter<T>(what: string, pid: number, measure: () => Promise<T>): Promise<{ result: T; metered: Metered }>;
  say(line: string): void;
}
