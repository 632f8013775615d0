import { readFile } from 'node:fs/promises';
import { compiledPath } from '../../core/package-path.js';
import { runToEnd } from '../run-to-end.js';
import type { LoadReport } from './parse-wrk.js';
import { type PacedLoad, sendPaced } from './send-paced.js';
import type { Target } from './wrk.js';

/** Sends at a fixed rate from a process of its own: wrk has no rate. See `sendPaced`. */
export async function runPaced(
  target: Target,
  options: Pick<PacedLoad, 'connections' | 'requestsPerSecond' | 'seconds'>,
): Promise<LoadReport> {
  const program = compiledPath('bench/load/paced.js');
  const output = await runToEnd(process.execPath, [program, JSON.stringify({ ...target, ...options })]);
  return JSON.parse(output) as LoadReport;
}

if (process.argv[1]?.endsWith('bench/load/paced.js')) {
  const { bodies, ...rest } = JSON.parse(process.argv[2]!) as Target & Omit<PacedLoad, 'bodies'>;
  const lines = (await readFile(bodies, 'utf8')).trim().split('\n');
  try {
    console.log(JSON.stringify(await sendPaced({ ...rest, bodies: lines })));
    // Connections that still carry a request after a failure would keep the process alive.
    process.exit(0);
  } catch (error) {
    process.stderr.write((error as Error).message);
    process.exit(1);
  }
}
