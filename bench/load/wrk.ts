import { packagePath } from '../../core/package-path.js';
import { runToEnd } from '../run-to-end.js';
import { goFirst } from './go-first.js';
import { type LoadReport, parseWrk } from './parse-wrk.js';

/** Where a load goes. */
export interface Target {
  port: number;
  path: string;
  /** File of request bodies, one a line. */
  bodies: string;
}

/** Sends as fast as the server answers, over keep-alive connections, from one thread of wrk. */
export async function runWrk(target: Target, options: { connections: number; seconds: number }): Promise<LoadReport> {
  const { port, path, bodies } = target;
  const { connections, seconds } = options;
  const script = packagePath('bench/load/report.lua');
  const shape = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--timeout', '10s'];
  const args = [...shape, '-s', script, `http://127.0.0.1:${port}`, '--', path, bodies];
  return parseWrk(await runToEnd(...goFirst('wrk', args)));
}
