import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';

/**
 * Says what will change and asks whether it should.
 * @throws Error when the answer is no, or nobody can be asked and `yes` was not said beforehand
 */
export async function confirm(changes: string[], { yes }: { yes?: boolean | undefined }): Promise<void> {
  console.log(['this will change:', ...changes.map((line) => `  ${line}`)].join('\n'));
  if (yes) return;
  if (!process.stdin.isTTY) {
    throw new Error('nothing was changed: there is no terminal to ask at; say --yes', { cause: 'unconfirmed' });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('go on? [y/N] ');
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new Error('nothing was changed', { cause: 'unconfirmed' });
}

/** Who runs a command, for the record: the name of the login and the command. */
export function actorOf(command: string): string {
  return `${loginName()} with plumbline ${command}`;
}

/** A container may run as a user id that has no name. */
function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
