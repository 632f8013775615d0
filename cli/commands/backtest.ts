import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Command } from 'commander';
import { compiledPath } from '../../core/package-path.js';
import { childEnvironment } from '../settings.js';
import { databaseUrl } from '../with-database.js';

/** `plumbline backtest MODEL …`: hands its arguments to the monitor's code, with the database of the stack that runs here. */
export function backtestCommand(): Command {
  return new Command('backtest')
    .description(
      'which alerts on drift a configuration would have raised over stored history, or over a CSV; see --help',
    )
    .argument('[arguments...]')
    .helpOption(false)
    .allowUnknownOption()
    .action(runBacktest);
}

async function runBacktest(parameters: string[]): Promise<void> {
  // Help needs no database.
  const asksHelp = parameters.some((parameter) => ['--help', '-h'].includes(parameter));
  const environment = asksHelp ? {} : { DATABASE_URL: await databaseUrl() };
  const child = spawn(process.execPath, [compiledPath('monitor/backtest/main.js'), ...parameters], {
    stdio: 'inherit',
    env: childEnvironment(environment),
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}
