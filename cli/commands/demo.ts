import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import pc from 'picocolors';
import { createPool } from '../../core/postgres/pool.js';
import { createApi } from '../demo/api.js';
import { judgeStory } from '../demo/judge.js';
import { startOver } from '../demo/start-over.js';
import { countStored } from '../demo/stored.js';
import { type StoryResult, tellStory, untilServed } from '../demo/story.js';
import { createTeller } from '../demo/teller.js';
import { startTraffic } from '../demo/traffic.js';
import { loadCliSettings } from '../settings.js';
import { exampleFolder } from '../stack/example.js';
import { readStack, type Stack, signInLink } from '../stack/stack-file.js';
import { startStack } from '../stack/start.js';

const MODEL = 'wine-quality';
const PATIENCE_MS = 180_000;

interface DemoOptions {
  csv?: string;
  shift: 'sudden' | 'harmless';
  rate: number;
  seed: number;
  baseline: number;
  report?: string;
}

/** `plumbline demo`: the whole loop, told in the terminal with real waiting and real numbers. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('tell the whole story on the wine example: baseline, drift, alert, retraining, promotion, clear')
    .option('--csv <path>', 'the publisher’s CSV of the example, when the demo starts the stack itself')
    .addOption(
      new Option(
        '--shift <kind>',
        'sudden: inputs and their relation to quality change; harmless: only the mix of wines',
      )
        .choices(['sudden', 'harmless'])
        .default('sudden'),
    )
    .option('--rate <rows>', 'rows a second', Number, 200)
    .option('--baseline <windows>', 'windows of ordinary traffic first', Number, 10)
    .option('--seed <n>', 'seed of rows, training and traffic', Number, 1)
    .option('--report <file>', 'write the result as JSON')
    .action(runDemo);
}

async function runDemo(options: DemoOptions): Promise<void> {
  const settings = loadCliSettings();
  const tell = createTeller((text) => process.stdout.write(text));
  const found = await readStack(settings.PLUMBLINE_HOME);
  const own = found
    ? undefined
    : await startStack({
        settings,
        pace: 'trial',
        alerting: 'direct',
        example: MODEL,
        csv: options.csv,
        seed: options.seed,
        signal: new AbortController().signal,
        say: tell.fact,
        onLog: () => undefined,
      });
  const stopOwn = async (): Promise<void> => own?.stop();
  process.once('SIGINT', () => void stopOwn().then(() => process.exit(130)));
  tell.fact(`watch it in the console: ${signInLink(found ?? own!.stack)}`);
  try {
    const result = await storyOf(found ?? own!.stack, exampleFolder(settings.PLUMBLINE_HOME, MODEL), options);
    if (options.report) await writeFile(options.report, JSON.stringify(result, null, 2));
    tell.chapter('What was promised, and what happened');
    const judged = judgeStory(result, scenarioOf(options));
    for (const { promise, kept } of judged) tell.fact(`${kept ? pc.green('kept   ') : pc.red('BROKEN ')} ${promise}`);
    if (judged.some(({ kept }) => !kept)) process.exitCode = 1;
  } finally {
    await stopOwn();
  }

  async function storyOf(stack: Stack, folder: string, { rate, seed, baseline }: DemoOptions): Promise<StoryResult> {
    const pool = createPool({
      connectionString: stack.databaseUrl,
      applicationName: 'plumbline-demo',
      maxConnections: 2,
      onError: () => undefined,
    });
    try {
      const version = await startOver(pool, folder, MODEL);
      if (version)
        tell.fact(`an earlier demo left its mark: the example's own model is registered again, as version ${version}`);
      const rows = join(folder, 'test.csv');
      const api = createApi(stack, MODEL);
      await untilServed({ api, patienceMs: PATIENCE_MS }, version);
      return await tellStory({
        api,
        tell,
        startTraffic: (scenario) =>
          startTraffic({ serviceUrl: stack.serviceUrl, model: MODEL, rows, scenario, rate, seed }),
        countStored: (ids, since) => countStored(pool, MODEL, ids, since),
        scenario: scenarioOf(options),
        baselineWindows: baseline,
        patienceMs: PATIENCE_MS,
      });
    } finally {
      await pool.end();
    }
  }
}

function scenarioOf(options: DemoOptions): 'sudden-shift' | 'population-shift' {
  return options.shift === 'sudden' ? 'sudden-shift' : 'population-shift';
}
