import type { DistributionCell } from '../charts/cells.js';
import { figure } from '../html/format.js';
import type { StretchPerformance } from '../performance/window-performance.js';
import type { LabelShiftReport } from './report.js';

/**
 * The outcomes of the newest window that has some, against the truth of the reference rows.
 * @param windows  of the version, newest first
 * @param threshold  PSI from which a change matters
 * @returns null where no window has outcomes, or they are all of one cell
 */
export function labelShiftReport(windows: StretchPerformance[], threshold: number): LabelShiftReport | null {
  const found = windows.find((window) => window.labelShift);
  const shift = found?.labelShift;
  if (!found || !shift) return null;
  const { psi, psiNullBand } = shift;
  const shifted = psi >= threshold && psi > psiNullBand;
  const cells = shift.cells.map((label, i): DistributionCell => {
    const [reference, current] = [shareOf(shift.reference, i), shareOf(shift.current, i)];
    return { type: 'category', label, reference_share: reference, current_share: current };
  });
  const sizes = `PSI ${figure(psi)}, threshold ${figure(threshold)}, null band ${figure(psiNullBand)}`;
  return {
    window: {
      start: found.windowStart.toISOString(),
      end: found.windowEnd.toISOString(),
      labelled_rows: found.labelledRows,
    },
    psi,
    psi_null_band: psiNullBand,
    shifted,
    headline: shifted
      ? `The truth itself has shifted: the outcomes are not those of the reference (${sizes}).`
      : `The truth has not shifted, as far as these outcomes can tell (${sizes}).`,
    cells,
  };
}

function shareOf(counts: number[], at: number): number {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  return rows === 0 ? 0 : counts[at]! / rows;
}
