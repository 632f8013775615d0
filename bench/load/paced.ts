import type { LoadReport } from './parse-wrk.js';
import { startLoad } from './program.js';
import type { PacedLoad } from './send-paced.js';
import type { Target } from './wrk.js';

/** Sends at a fixed rate: wrk has none. See `sendPaced`. @throws Error when not every request is answered */
export async function runPaced(
  target: Target,
  options: Pick<PacedLoad, 'connections' | 'mostConnections' | 'requestsPerSecond'> & { seconds: number },
): Promise<LoadReport> {
  return JSON.parse(await startLoad({ kind: 'paced', ...target, ...options }).ended) as LoadReport;
}
