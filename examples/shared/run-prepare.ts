import { Command, InvalidArgumentError } from 'commander';
import type { Example } from './example.js';
import { type PrepareOptions, prepareProject } from './prepare-project.js';

function integerFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`"${text}" is not a whole number of at least ${least}.`);
    }
    return value;
  };
}

/** The `prepare` program of an example: reads its options, writes the project, says what it wrote. */
export async function runPrepare(example: Example): Promise<void> {
  const program = new Command('prepare')
    .description(`Writes model.yaml, reference.csv, held-out.csv and test.csv of the ${example.name} example.`)
    .requiredOption('--output <dir>', 'folder to write to')
    .option('--csv <path-or-url>', `the publisher's ${example.published.file}; rows are generated when left out`)
    .option('--rows <number>', 'rows to generate, or most rows to take of the file', integerFrom(100))
    .option('--seed <number>', 'decides the rows generated and the split', integerFrom(0), 1);
  try {
    const options = program.parse().opts<PrepareOptions>();
    const written = await prepareProject(example, options);
    const { reference, heldOut, test } = written;
    process.stdout.write(
      `${options.output}: ${reference} reference rows, ${heldOut} held-out rows, ${test} test rows\n`,
    );
  } catch (error) {
    process.stderr.write(`prepare: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
