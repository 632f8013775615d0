import { Command, Option } from 'commander';
import pc from 'picocolors';
import { loadCliSettings } from '../settings.js';
import { createLogLines } from '../stack/log-lines.js';
import type { Pace } from '../stack/pace.js';
import { type Stack, signInLink } from '../stack/stack-file.js';
import { startStack } from '../stack/start.js';

interface UpOptions {
  pace: Pace;
  example: string;
  csv?: string;
  seed: number;
  alerting: 'direct' | 'prometheus';
}

/** `plumbline up`: the whole stack on this machine, until Ctrl-C. */
export function upCommand(): Command {
  return new Command('up')
    .description('start database, service, monitor and trainer on this machine, with the wine example')
    .addOption(
      new Option('--pace <pace>', 'trial: ticks of seconds, windows of 500 rows; production: as the manifests say')
        .choices(['trial', 'production'])
        .default('trial'),
    )
    .option('--example <name>', 'example to register on first start, or "none"', 'wine-quality')
    .option('--csv <path>', 'the publisher’s CSV of the example (path or URL) in place of generated rows')
    .option('--seed <n>', 'seed of generated rows and training', Number, 1)
    .addOption(
      new Option('--alerting <way>', 'who calls the trainer: the monitor itself, or Prometheus and Alertmanager')
        .choices(['direct', 'prometheus'])
        .default('direct'),
    )
    .action(runUp);
}

async function runUp(options: UpOptions): Promise<void> {
  const say = (line: string): void => console.log(`${pc.bold('plumbline')} ${line}`);
  const abort = new AbortController();
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      // Pressed again: the children see that their supervisor is gone and end by themselves.
      if (abort.signal.aborted) process.exit(130);
      say('stopping');
      abort.abort(new Error('stopped before it was ready', { cause: 'signal' }));
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.on(signal, end);
  });
  const example = options.example === 'none' ? undefined : options.example;
  const running = await startStack({
    settings: loadCliSettings(),
    pace: options.pace,
    alerting: options.alerting,
    example,
    csv: options.csv,
    seed: options.seed,
    signal: abort.signal,
    say,
    onLog: createLogLines((text) => process.stdout.write(text)),
  });
  printUrls(running.stack, example, say);
  await ended;
  await running.stop();
  say('stopped; "plumbline up" resumes where this was');
  process.exit(0);
}

function printUrls(stack: Stack, example: string | undefined, say: (line: string) => void): void {
  say('ready');
  say(`  console, with its token     ${pc.cyan(signInLink(stack))}`);
  say(`  predictions and their docs  ${pc.cyan(`${stack.serviceUrl}/docs`)}`);
  if (example) say(`  drift, window by window     ${pc.cyan(`${stack.monitorUrl}/v1/models/${example}/windows`)}`);
  say(`  metrics                     ${pc.cyan(`${stack.monitorUrl}/metrics`)}`);
  say(
    example ? 'next, in a second terminal: npm run demo' : 'next, in a second terminal: npx plumbline model add FOLDER',
  );
}
