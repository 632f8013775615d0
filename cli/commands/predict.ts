import { setTimeout as delay } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { describeParts } from '../predict/parts.js';
import type { Clock } from '../predict/post.js';
import { type PredictSummary, predictFile } from '../predict/predict-file.js';
import { createProgressBar } from '../predict/progress.js';
import { loadCliSettings } from '../settings.js';
import { serviceUrl } from '../stack/service-url.js';

interface PredictCommandOptions {
  input: string;
  output: string;
  model?: string;
  modelVersion?: number;
  batchSize: number;
  live?: boolean;
  url?: string;
}

/** The output is whole, and some of its rows have no answer. */
const SOME_ROWS_FAILED = 2;
/** What a shell says of a command that Ctrl-C ended. */
const INTERRUPTED = 130;

/** `plumbline predict`: the answers to all rows of a file. */
export function predictCommand(): Command {
  return new Command('predict')
    .description(
      'score a CSV or Parquet file of any size; ends with 2 if some rows have no answer, with 1 if nothing was written',
    )
    .requiredOption('--input <file>', 'rows with the columns of the model; the name ends in .csv or .parquet')
    .requiredOption('--output <file>', 'written in the format of its name; a file that is there is replaced')
    .option('--model <name>', 'name of the model; may be left out where the service has one only')
    .option('--model-version <n>', 'fail if another version answers', wholeNumber)
    .option('--batch-size <rows>', 'rows a request', wholeNumber, 1_000)
    .option('--live', 'count the rows as live traffic: in windows, performance and retraining')
    .option('--url <url>', 'of the service; that of "plumbline up" here when left out')
    .action(predict);
}

async function predict({ input, output, model, modelVersion, ...options }: PredictCommandOptions): Promise<void> {
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort(new Error('interrupted; nothing was written', { cause: 'signal' }));
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, onSignal);
  for (const sentence of await describeParts(output)) console.error(sentence);
  const bar = createProgressBar({ stream: process.stderr, now: Date.now });
  try {
    const summary = await predictFile({
      input,
      output,
      url: (options.url ?? (await serviceUrl())).replace(/\/+$/, ''),
      ...(model !== undefined && { model }),
      ...(modelVersion !== undefined && { version: modelVersion }),
      batchRows: options.batchSize,
      apiKey: loadCliSettings().PLUMBLINE_API_KEY,
      source: options.live ? 'live' : 'batch',
      clock,
      signal: interrupt.signal,
      onProgress: bar.update,
    });
    bar.stop();
    for (const { row, problem } of summary.problems) console.error(`${input} row ${row}: ${problem}`);
    console.log(describeSummary(summary, output));
    if (summary.failed > 0) process.exitCode = SOME_ROWS_FAILED;
  } catch (error) {
    bar.stop();
    if (!interrupt.signal.aborted) throw error;
    console.error('interrupted; nothing was written');
    process.exitCode = INTERRUPTED;
  } finally {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.removeListener(name, onSignal);
  }
}

/** What came of a run, in a line for people. */
export function describeSummary({ model, versions, rows, failed, problems }: PredictSummary, output: string): string {
  const by = versions.length === 0 ? model : `${model} version ${versions.join(' and ')}`;
  const more = failed > problems.length ? ` (the first ${problems.length} are told above)` : '';
  return `wrote ${output}: ${rows} rows, ${rows - failed} answered by ${by}, ${failed} with an error${more}`;
}

const clock: Clock = {
  now: Date.now,
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
};

function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError(`"${text}" is not a whole number of at least 1.`);
}
