import { quantileEdges } from '../../core/reference/edges.js';
import { binOf } from '../../core/reference/profile.js';
import { psi } from '../../monitor/statistics/psi.js';
import { numbersOf } from '../../traffic/scenarios/scenario.js';
import type { TestRow } from '../../traffic/test-rows.js';

/** PSI of one numeric feature between two sets of rows, over the coarse bins that the monitor freezes. */
export function psiOf(feature: string, reference: TestRow[], current: TestRow[]): number {
  const values = numbersOf(reference, feature);
  const { edges, coarse } = quantileEdges(Float64Array.from(values));
  const counts = (numbers: number[]): number[] => {
    const bins = new Array<number>(Math.max(...coarse) + 1).fill(0);
    for (const value of numbers) bins[coarse[binOf(edges, value)]!]!++;
    return bins;
  };
  return psi(counts(values), counts(numbersOf(current, feature)));
}
