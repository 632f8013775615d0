import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compiledPath } from '../../core/package-path.js';

/** Rows with outcomes under way. */
export interface MovedTraffic {
  /** Ends it in good order; may be called again. @returns rows that were refused or got no answer */
  stop(): Promise<number>;
}

const ROWS_A_REQUEST = 5;
const OUTCOMES_AFTER_SECONDS = 1;

/** Starts `plumbline traffic` under the scenario `sudden-shift`; it ends with this process at the latest. */
export function startMovedTraffic(options: {
  serviceUrl: string;
  model: string;
  rows: string;
  rowsPerSecond: number;
  folder: string;
}): MovedTraffic {
  const report = join(options.folder, 'traffic.json');
  const flags = {
    ...{ url: options.serviceUrl, model: options.model, rows: options.rows, rate: options.rowsPerSecond, report },
    ...{ scenario: 'sudden-shift', batch: ROWS_A_REQUEST, 'outcomes-delay': OUTCOMES_AFTER_SECONDS, seed: 1 },
  };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [compiledPath('traffic/main.js'), ...args], {
    // It stops when the channel closes, which it does also where this process is killed.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = once(child, 'exit');
  return {
    stop: async () => {
      if (child.connected) child.disconnect();
      await ended;
      const { refused, failed } = JSON.parse(await readFile(report, 'utf8')) as { refused: number; failed: number };
      return refused + failed;
    },
  };
}
