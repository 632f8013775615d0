import { readFile } from 'node:fs/promises';
import { compiledPath } from '../../core/package-path.js';
import { type StartedProgram, startProgram } from '../start-program.js';
import { goFirst } from './go-first.js';
import { overloadReport } from './overload-report.js';
import { type PacedLoad, sendPaced } from './send-paced.js';
import { type RepeatedLoad, sendRepeated } from './send-repeated.js';
import { summarisePaced } from './summarise.js';
import { timedReport } from './timed.js';
import type { Target } from './wrk.js';

/** What the process of a load is told; `bodies` is the file of `Target`. */
type Told =
  | (Target & { kind: 'paced' | 'overload' | 'timed' } & Omit<PacedLoad, 'bodies' | 'signal'>)
  | (Target & { kind: 'repeated' } & Omit<RepeatedLoad, 'bodies' | 'signal'>);

/** Starts a load in a process of its own: this one must not slow it, nor it this one. Without an end of its own it runs until stopped. */
export function startLoad(told: Told): StartedProgram {
  const args = [compiledPath('bench/load/program.js'), JSON.stringify(told)];
  return told.kind === 'repeated'
    ? startProgram(process.execPath, args)
    : startProgram(...goFirst(process.execPath, args));
}

if (process.argv[1]?.endsWith('bench/load/program.js')) {
  const told = JSON.parse(process.argv[2]!) as Told;
  const stop = new AbortController();
  process.stdin.on('end', () => stop.abort()).resume();
  try {
    const report = `${JSON.stringify(await send(told, stop.signal))}\n`;
    // Connections that still carry a request after a failure would keep the process alive; a long report leaves in parts.
    process.stdout.write(report, () => process.exit(0));
  } catch (error) {
    process.stderr.write((error as Error).message);
    process.exit(1);
  }
}

async function send(told: Told, signal: AbortSignal): Promise<unknown> {
  const bodies = (await readFile(told.bodies, 'utf8')).trim().split('\n');
  if (told.kind === 'repeated') return sendRepeated({ ...told, bodies, signal });
  const outcome = await sendPaced({ ...told, bodies, signal });
  if (told.kind === 'timed') return timedReport(outcome, Date.now());
  return told.kind === 'paced' ? summarisePaced(outcome) : overloadReport(outcome);
}
