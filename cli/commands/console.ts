import { Command } from 'commander';
import { loadCliSettings } from '../settings.js';
import { readStack, signInLink } from '../stack/stack-file.js';

/** `plumbline console`: the link that opens the console of the stack that runs here. */
export function consoleCommand(): Command {
  return new Command('console').description('print the link that signs you in to the console').action(async () => {
    const stack = await readStack(loadCliSettings().PLUMBLINE_HOME);
    if (!stack) {
      const where =
        'elsewhere open / on the monitor and give its MONITOR_CONSOLE_TOKEN, in containers what "docker compose exec monitor cat /secrets/console-token" prints';
      throw new Error(`nothing runs from this folder: start it with "plumbline up"; ${where}`, { cause: 'stack' });
    }
    console.log(signInLink(stack));
  });
}
