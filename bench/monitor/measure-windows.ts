import type { Pool } from '../../core/postgres/pool.js';
import { createRandom } from '../../core/random.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { decideWindow } from '../../monitor/verdicts/decide-window.js';
import { loadWindowCounts } from '../../monitor/windows/buckets.js';
import { median } from '../median.js';
import { DAY_SECONDS, DAY_START } from './load-rows.js';

/** How long the statistics of windows of one length took, from asking Postgres to PSI and KS of every subject. */
export interface WindowTimes {
  title: string;
  repeats: number;
  medianMs: number;
  worstMs: number;
  /** Median CPU time of this process. */
  cpuMs: number;
}

const MINUTE = 60;
const HOUR = 3_600;

/** Windows of the day that was loaded: where they may begin is a multiple of `step`. */
const KINDS = [
  { title: 'an hour', length: HOUR, step: HOUR },
  { title: 'any 60 minutes', length: HOUR, step: MINUTE },
  { title: 'any 13 hours and 7 minutes', length: 13 * HOUR + 7 * MINUTE, step: MINUTE },
  { title: 'the day', length: DAY_SECONDS, step: DAY_SECONDS },
  { title: 'all but its first and last minute', length: DAY_SECONDS - 2 * MINUTE, step: 0 },
];

/** Times the statistics of windows at random places, the counts read anew each time. */
export async function measureWindows(pool: Pool, version: ModelVersion, repeats: number): Promise<WindowTimes[]> {
  const random = createRandom(1);
  const results: WindowTimes[] = [];
  for (const { title, length, step } of KINDS) {
    const places = step === 0 ? 1 : Math.floor((DAY_SECONDS - length) / step) + 1;
    const times: number[] = [];
    const cpus: number[] = [];
    // One more to warm up.
    for (let i = -1; i < repeats; i++) {
      const start = DAY_START + (step === 0 ? MINUTE : step * random.integer(places));
      const cpu = process.cpuUsage();
      const started = performance.now();
      await statisticsOf(pool, version, { start, end: start + length });
      if (i < 0) continue;
      times.push(performance.now() - started);
      const used = process.cpuUsage(cpu);
      cpus.push((used.user + used.system) / 1_000);
    }
    results.push({ title, repeats, medianMs: median(times), worstMs: Math.max(...times), cpuMs: median(cpus) });
  }
  return results;
}

/** All statistics of a window, with the verdict on each subject. */
async function statisticsOf(pool: Pool, version: ModelVersion, window: { start: number; end: number }) {
  const counts = await loadWindowCounts(pool, version, window, { bucketSeconds: MINUTE });
  const rows = counts[0]!.counts.reduce((sum, count) => sum + count, 0);
  const { monitoring } = version.manifest;
  const profile = version.referenceProfile;
  return decideWindow({ profile, monitoring, window: { ...window, rows }, counts, past: new Map() });
}
