import type { BenchResults } from './results-file.js';
import { shown } from './table.js';

/** Above it, other work on the machine tells in requests/s and latencies. */
const QUIET_PERCENT = 5;

/** Says so when a section was not alone on the machine; nothing when all were. */
export function renderDisturbance(results: BenchResults): string[] {
  const all = Object.entries(results).flatMap(([section, { disturbances }]) =>
    disturbances.map(({ serverCorePercent, loadCorePercent }) => ({
      section,
      percent: Math.max(serverCorePercent, loadCorePercent),
    })),
  );
  const disturbed = all.filter(({ percent }) => percent > QUIET_PERCENT);
  if (disturbed.length === 0) return [];
  const sections = [...new Set(disturbed.map(({ section }) => section))].join(', ');
  const worst = Math.max(...disturbed.map(({ percent }) => percent));
  return [
    `**This run was disturbed.** In ${disturbed.length} of ${all.length} measurements (${sections}) processes that have nothing to do with the benchmark had more than ${QUIET_PERCENT} % of a core, in the worst ${shown(worst)} %. Requests/s, latencies and the ratios made of them are not to be relied on; CPU time a request is less affected. Run it again on an idle machine.`,
  ];
}
