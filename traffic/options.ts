import { type Command, InvalidArgumentError, Option } from 'commander';
import { SCENARIOS } from './scenarios/all.js';

/** The options of `plumbline traffic`, parsed. */
export interface TrafficOptions {
  url: string;
  model: string;
  /** Path of a CSV file with test rows. */
  rows: string;
  /** Rows a second; Infinity for `max`. */
  rate: number;
  /** Rows in all; Infinity: until ended. */
  count: number;
  batch: number;
  concurrency: number;
  retries: number;
  timeout: number;
  scenario: string;
  feature?: string;
  magnitude?: number;
  startAfter: number;
  ramp?: number;
  /** false for --no-outcomes. */
  outcomes: boolean;
  /** Seconds. */
  outcomesDelay: number;
  outcomesShare: number;
  seed: number;
  report?: string;
  ids?: string;
  writeRequests?: string;
}

const ENDLESS = Number.POSITIVE_INFINITY;

/** Adds the options of the simulator to a command. */
export function addTrafficOptions(command: Command): Command {
  const scenarios = SCENARIOS.map((scenario) => scenario.name);
  return command
    .requiredOption('--model <name>', 'model to send to')
    .requiredOption('--rows <file>', 'CSV file with the features and the target')
    .option('--url <url>', 'address of the service', 'http://127.0.0.1:8080')
    .option('--rate <rows>', 'rows a second, or "max"', parseRate, 50)
    .option('--count <rows>', 'rows in all; until Ctrl-C when left out', integer(1), ENDLESS)
    .option('--batch <rows>', 'rows a request', integer(1), 1)
    .option('--concurrency <number>', 'requests in flight at most', integer(1), 8)
    .option('--retries <number>', 'further attempts after a 429 or 503', integer(0), 5)
    .option('--timeout <seconds>', 'a connection silent for so long has failed', number(0.001), 30)
    .addOption(new Option('--scenario <name>', 'what happens to the rows').choices(scenarios).default('none'))
    .option('--feature <name>', 'feature the scenario changes; see traffic/README.md')
    .option('--magnitude <number>', "size of the change, in the scenario's own measure", number())
    .option('--start-after <rows>', 'rows sent unchanged before the scenario begins', integer(0), 0)
    .option('--ramp <rows>', 'rows over which the scenario grows to its full size', integer(0))
    .option('--no-outcomes', 'never tell the truth of a row')
    .option('--outcomes-delay <seconds>', 'the truth of a row is told so long after its answer', number(0), 5)
    .option('--outcomes-share <share>', 'share of rows whose truth is told, 0 to 1', number(0, 1), 1)
    .option('--seed <number>', 'decides the order of rows and every random choice', integer(0), 1)
    .option('--report <file>', 'write what happened, as JSON')
    .option('--ids <file>', 'write the id of each acknowledged prediction, one a line')
    .option('--write-requests <file>', 'send nothing; write the requests for traffic/k6/replay.js');
}

function parseRate(text: string): number {
  return text === 'max' ? ENDLESS : number(0.001)(text);
}

function integer(least: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`"${text}" is not a whole number of at least ${least}.`);
  };
}

function number(least = -ENDLESS, most = ENDLESS): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isFinite(value) && value >= least && value <= most) return value;
    const range =
      least === -ENDLESS ? '' : ` ${most === ENDLESS ? `of at least ${least}` : `from ${least} to ${most}`}`;
    throw new InvalidArgumentError(`"${text}" is not a number${range}.`);
  };
}
