import { Command } from 'commander';
import { exitMessage } from '../core/exit-message.js';
import { systemClock } from './clock.js';
import { addTrafficOptions, type TrafficOptions } from './options.js';
import { runTraffic } from './run-traffic.js';
import { loadTrafficSettings } from './settings.js';

/** `plumbline traffic` passes Ctrl-C on, so that one press arrives twice. */
const SAME_PRESS_MS = 1000;

const abort = new AbortController();
let firstSignalAt = 0;
const stop = (): void => {
  if (abort.signal.aborted && Date.now() - firstSignalAt > SAME_PRESS_MS) process.exit(130);
  if (abort.signal.aborted) return;
  firstSignalAt = Date.now();
  abort.abort();
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
process.on('disconnect', stop);

const command = new Command('plumbline traffic').description(
  'Replays test rows against the service at a rate, changed by a scenario of known truth, and tells outcomes late.',
);
try {
  const options = addTrafficOptions(command).parse().opts<TrafficOptions>();
  const { stdout: output, stderr: progress } = process;
  await runTraffic(options, {
    apiKey: loadTrafficSettings().PLUMBLINE_API_KEY,
    clock: systemClock,
    signal: abort.signal,
    output,
    progress,
  });
} catch (error) {
  process.stderr.write(`traffic: ${exitMessage(error)}\n`);
  process.exitCode = 1;
}
