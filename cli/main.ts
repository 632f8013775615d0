#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { exitMessage } from '../core/exit-message.js';
import { packagePath } from '../core/package-path.js';
import { auditCommand } from './commands/audit.js';
import { backtestCommand } from './commands/backtest.js';
import { captureCommand } from './commands/capture.js';
import { consoleCommand } from './commands/console.js';
import { demoCommand } from './commands/demo.js';
import { exampleCommand } from './commands/example.js';
import { initCommand } from './commands/init.js';
import { keysCommand } from './commands/keys.js';
import { lineageCommand } from './commands/lineage.js';
import { migrateCommand } from './commands/migrate.js';
import { modelCommand } from './commands/model.js';
import { outcomesCommand } from './commands/outcomes.js';
import { predictCommand } from './commands/predict.js';
import { readerCommand } from './commands/reader.js';
import { replayCommand } from './commands/replay.js';
import { reportCommand } from './commands/report.js';
import { runsCommand } from './commands/runs.js';
import { upCommand } from './commands/up.js';

const { version } = JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as { version: string };

const program = new Command('plumbline')
  .description('Observability-first serving for ONNX models.')
  .version(version)
  .addCommand(upCommand())
  .addCommand(demoCommand())
  .addCommand(initCommand())
  .addCommand(modelCommand())
  .addCommand(predictCommand())
  .addCommand(runsCommand())
  .addCommand(outcomesCommand())
  .addCommand(auditCommand())
  .addCommand(lineageCommand())
  .addCommand(backtestCommand())
  .addCommand(reportCommand())
  .addCommand(consoleCommand())
  .addCommand(captureCommand())
  .addCommand(keysCommand())
  .addCommand(replayCommand())
  .addCommand(exampleCommand())
  .addCommand(migrateCommand())
  .addCommand(readerCommand())
  .executableDir('../traffic')
  .command('traffic', 'replay test rows against the service, with or without drift', { executableFile: 'main.js' });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${exitMessage(error)}\n`);
  process.exitCode = 1;
}
