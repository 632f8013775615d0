import type { Figure } from '../figure.js';
import { batchesFigures, renderBatches } from '../sections/batches/render.js';
import { latencyFigures } from '../sections/latency/figures.js';
import { renderLatency } from '../sections/latency/render.js';
import { memoryFigures, renderMemory } from '../sections/memory/render.js';
import { overloadFigures, renderOverload } from '../sections/overload/render.js';
import { serversFigures } from '../sections/servers/figures.js';
import { renderServers } from '../sections/servers/render.js';
import { renderShipping, shippingFigures } from '../sections/shipping/render.js';
import { renderTracing, tracingFigures } from '../sections/tracing/render.js';
import { renderDisturbance } from './disturbance.js';
import { renderElsewhere } from './elsewhere.js';
import { renderMachines, stampLine } from './machines.js';
import { renderMethod } from './method.js';
import type { BenchResults, Measured, SectionFindings, SectionName } from './results-file.js';
import { oneLine, shown, table } from './table.js';

/** How a section is told. */
interface Telling<Found> {
  title: string;
  render: (found: Found, measured: Measured<Found>) => string;
  figures: (found: Found) => Figure[];
}

const TELLINGS: { [Name in SectionName]: Telling<SectionFindings[Name]> } = {
  servers: { title: 'One row a request, at full load', render: renderServers, figures: serversFigures },
  latency: { title: 'Latency', render: renderLatency, figures: latencyFigures },
  tracing: { title: 'What metrics and tracing cost', render: renderTracing, figures: tracingFigures },
  batches: { title: 'Single rows beside big batches', render: renderBatches, figures: batchesFigures },
  overload: { title: 'Twice as much as it can answer', render: renderOverload, figures: overloadFigures },
  shipping: { title: 'A backlog into Postgres', render: renderShipping, figures: shippingFigures },
  memory: { title: 'Memory', render: renderMemory, figures: memoryFigures },
};

/** The text of docs/benchmarks.md. @param documents  names of the files in docs/, of which other commands write some */
export function renderBenchmarks(results: BenchResults, documents: readonly string[] = []): string {
  const names = Object.keys(TELLINGS) as SectionName[];
  const parts = [
    '# Benchmarks',
    'Made by `npm run bench`; not written by hand. Absolute figures move from machine to machine: take them as proportions.',
    ...renderDisturbance(results),
    `## Figures to reach\n\n${figuresTable(names.flatMap((name) => figuresOf(name, results)))}`,
    renderElsewhere(documents),
    ...names.flatMap((name) => renderSection(name, results)),
    ...renderMethod(results),
    renderMachines(results),
  ];
  return `${parts.join('\n\n')}\n`;
}

function figuresOf<Name extends SectionName>(name: Name, results: BenchResults): Figure[] {
  const found = results[name]?.found as SectionFindings[Name] | undefined;
  return found === undefined ? [] : TELLINGS[name].figures(found);
}

function renderSection<Name extends SectionName>(name: Name, results: BenchResults): string[] {
  const measured = results[name] as Measured<SectionFindings[Name]> | undefined;
  const { title, render } = TELLINGS[name];
  const heading = `## ${title}`;
  if (!measured) return [`${heading}\n\nNot measured.`];
  const stamp = stampLine(measured.stamp);
  if (measured.found === undefined) return [`${heading}\n\n${stamp}\n\n**FAILED:** ${oneLine(measured.failure ?? '')}`];
  return [`${heading}\n\n${stamp}\n\n${render(measured.found, measured)}`];
}

function figuresTable(figures: Figure[]): string {
  const rows = figures.map(({ what, wanted, measured, byCpu, atFloor, unit, met }) => [
    what,
    wanted,
    measured === undefined ? 'not measured' : `${shown(measured)} ${unit}`,
    ...[byCpu, atFloor].map((value) => (value === undefined ? '' : `${shown(value)} ${unit}`)),
    met === undefined ? '' : met ? 'met' : '**not met**',
  ]);
  return `${table(['figure', 'wanted', 'measured', 'by CPU time', 'floor by CPU time', ''], rows, [0, 5])}

"Met" is judged by what was measured. "By CPU time" is the same figure from the CPU time a request: what it would be if
each server had its core to itself and waited for nothing. The two part where other work was on the machine, and where a
server waits for Postgres. "Floor by CPU time" is what a server would reach that did nothing besides HTTP, JSON and the
model (the composed floor, below): what is wanted above it is out of reach on this machine with these versions.

Where the rest of the time goes, and what was tried: [what a single row costs](decisions/0013-data-path-cost.md), and
[large requests beside single rows](decisions/0008-slices-and-workers.md).`;
}
