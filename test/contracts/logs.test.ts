import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packagePath } from '../../core/package-path.js';

/** Every call of a logger in the source: where it is and what its last argument is. */
const calls = ['core', 'service', 'monitor', 'trainer'].flatMap((folder) =>
  readdirSync(packagePath(folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => findCalls(join(folder, name))),
);

function findCalls(file: string): { file: string; message: string }[] {
  const text = readFileSync(packagePath(file), 'utf8');
  const begins = [...text.matchAll(/logger\.(?:debug|info|warn|error)\(/g)].map(
    (match) => match.index + match[0].length,
  );
  return begins.map((begin) => ({ file, message: lastArgument(text, begin) }));
}

/** The last argument of the call whose arguments begin at `begin`. */
function lastArgument(text: string, begin: number): string {
  let depth = 0;
  let last = begin;
  let end = begin;
  for (let quote = ''; depth >= 0; end++) {
    const character = text[end]!;
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (/['"`]/.test(character)) quote = character;
    else if (/[([{]/.test(character)) depth++;
    else if (/[)\]}]/.test(character)) depth--;
    else if (character === ',' && depth === 0 && text.slice(end + 1).trimStart()[0] !== ')') last = end + 1;
  }
  return text
    .slice(last, end - 1)
    .trim()
    .replace(/,$/, '');
}

test('messages of log lines are constant', () => {
  expect(calls.length).toBeGreaterThan(30);
  expect(calls.filter(({ message }) => !/^'[^'$]+'$/.test(message))).toEqual([]);
});
