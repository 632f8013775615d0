import type { Manifest } from '../../core/manifest/manifest.js';
import type { SumsLayout } from '../../core/performance/layout.js';
import type { ReferencePerformance } from '../../core/performance/reference-performance.js';
import { psi } from '../statistics/psi.js';
import { psiNullBand } from '../statistics/psi-null-band.js';
import type { LabelShift } from './window-performance.js';

const ALPHA = 0.01;

/** Shift of the outcomes' classes, or of their values over the tenths of the reference; null without outcomes or with one cell. */
export function labelShift(
  manifest: Pick<Manifest, 'classes'>,
  frozen: ReferencePerformance,
  layout: SumsLayout,
  sums: ArrayLike<number>,
): LabelShift | null {
  const [first, count] = layout.classes
    ? [layout.classes.actual, layout.classes.count]
    : [layout.values!.actuals, layout.values!.actualBins];
  const cellsOf = (all: ArrayLike<number>): number[] => Array.from({ length: count }, (_, i) => all[first + i]!);
  const reference = cellsOf(frozen.sums);
  const current = cellsOf(sums);
  const rows = (counts: number[]): number => counts.reduce((sum, n) => sum + n, 0);
  const [referenceRows, currentRows] = [rows(reference), rows(current)];
  if (count < 2 || referenceRows === 0 || currentRows === 0) return null;
  return {
    psi: psi(reference, current),
    psiNullBand: psiNullBand({ referenceRows, currentRows, bins: count, alpha: ALPHA }),
    cells: layout.classes ? manifest.classes : valueCells(frozen.actualEdges),
    reference,
    current,
  };
}

function valueCells(edges: number[]): string[] {
  const texts = edges.map((edge) => String(Number(edge.toPrecision(4))));
  return [...texts.map((text) => `below ${text}`), `${texts.at(-1)} or more`];
}
