import { Command } from 'commander';
import { loadCliSettings } from '../settings.js';
import { ensureExample } from '../stack/example.js';
import { withDatabase } from '../with-database.js';

/** `plumbline example`: what `plumbline up` does for its example, for a stack that was started in another way. */
export function exampleCommand(): Command {
  return new Command('example')
    .description('prepare, train and register an example the first time; later it is found registered')
    .argument('<name>', 'folder of examples/, such as wine-quality')
    .option('--csv <path>', 'the publisher’s file of the example (path or URL) in place of generated rows')
    .option('--seed <n>', 'seed of generated rows and training', Number, 1)
    .action(async (example: string, { csv, seed }: { csv?: string; seed: number }) => {
      const home = loadCliSettings().PLUMBLINE_HOME;
      const say = (line: string): void => console.log(line);
      await withDatabase((pool) => ensureExample({ pool, home, example, csv, seed, say }), { migrated: true });
    });
}
