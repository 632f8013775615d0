import type { BenchContext } from '../context.js';
import type { SectionFindings, SectionName } from '../document/results-file.js';
import { measureBatches } from './batches/measure.js';
import { measureLatency } from './latency/measure.js';
import { measureMemory } from './memory/measure.js';
import { measureOverload } from './overload/measure.js';
import { measureServers } from './servers/measure.js';
import { measureShipping } from './shipping/measure.js';
import { measureTracing } from './tracing/measure.js';

/** The sections in the order in which they are measured and told: the one that fills the database most comes last. */
export const SECTIONS: { [Name in SectionName]: (context: BenchContext) => Promise<SectionFindings[Name]> } = {
  servers: measureServers,
  latency: measureLatency,
  tracing: measureTracing,
  batches: measureBatches,
  overload: measureOverload,
  shipping: measureShipping,
  memory: measureMemory,
};

/** Names of all sections, in order. */
export const SECTION_NAMES = Object.keys(SECTIONS) as SectionName[];

/** The sections of a comma-separated list of names; all when there is none. @throws Error that lists the names */
export function chooseSections(list: string | undefined): SectionName[] {
  if (list === undefined) return SECTION_NAMES;
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !SECTION_NAMES.some((known) => known === name));
  if (unknown.length > 0) {
    throw new Error(`--only ${list}: there is no ${unknown.join(', ')}; there are ${SECTION_NAMES.join(', ')}`, {
      cause: 'option',
    });
  }
  return SECTION_NAMES.filter((name) => names.includes(name));
}
