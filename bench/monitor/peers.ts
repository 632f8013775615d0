import { join } from 'node:path';
import { packagePath } from '../../core/package-path.js';
import type { EnvironmentName } from '../contestants/contestant.js';
import { runToEnd } from '../run-to-end.js';
import { prepareEnvironment } from '../servers/environments.js';

/** What a peer took for KS and PSI (or what it has in its place) of every column, rows in memory. */
export interface PeerResult {
  title: string;
  /** Whether it computes both KS and PSI. */
  both: boolean;
  seconds: number;
  cpuSeconds: number;
  megabytes: number;
  version: string;
  answers?: Record<string, { psi: number; ks?: number; chi_square?: number }>;
}

const PEERS: { title: string; both: boolean; script: string; environment: EnvironmentName }[] = [
  { title: 'scipy and numpy', both: true, script: 'run_scipy.py', environment: 'evidently' },
  { title: 'Evidently', both: true, script: 'run_evidently.py', environment: 'evidently' },
  { title: 'NannyML (KS and Jensen-Shannon)', both: false, script: 'run_nannyml.py', environment: 'nannyml' },
];

/** A peer that takes longer is ended. */
const TIMEOUT_MS = 600_000;

/** Runs every peer on exported rows. One that cannot be had is left out, with its reason. */
export async function runPeers(
  rowsFolder: string,
  cache: string,
  say: (line: string) => void,
): Promise<{ results: PeerResult[]; failures: string[] }> {
  const results: PeerResult[] = [];
  const failures: string[] = [];
  for (const { title, both, script, environment } of PEERS) {
    try {
      const prepared = await prepareEnvironment(environment, cache);
      if ('reason' in prepared) throw new Error(prepared.reason);
      const program = join(prepared.folder, 'bin/python');
      const output = await runToEnd(program, [packagePath(`bench/monitor/peers/${script}`), rowsFolder], {
        timeoutMs: TIMEOUT_MS,
      }).catch((error: Error) => {
        const ended = (error.cause as { killed?: boolean }).killed;
        throw ended ? new Error(`not done after ${TIMEOUT_MS / 60_000} minutes, ended`) : error;
      });
      const result = JSON.parse(output.trim().split('\n').at(-1)!) as Omit<PeerResult, 'title' | 'both'>;
      say(`${title}: ${result.seconds.toFixed(2)} s`);
      results.push({ title, both, ...result });
    } catch (error) {
      failures.push(`${title}: ${(error as Error).message}`);
    }
  }
  return { results, failures };
}
