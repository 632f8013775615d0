import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { packagePath } from '../../core/package-path.js';
import { addTrafficOptions } from '../../traffic/options.js';
import { SCENARIOS } from '../../traffic/scenarios/all.js';

const readme = readFileSync(packagePath('traffic/README.md'), 'utf8');
const script = readFileSync(packagePath('traffic/k6/replay.js'), 'utf8');

it('the table of scenarios says what their truths say, in their order', () => {
  const rows = readme.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    return cells.length === 10 && cells[1]!.startsWith('`') ? [[cells[1], ...cells.slice(5, 8)]] : [];
  });
  const word = (is: boolean): string => (is ? 'yes' : 'no');
  const truths = SCENARIOS.map(({ name, truth }) => [
    `\`${name}\``,
    word(truth.dataDrift),
    word(truth.conceptDrift),
    word(truth.brokenData),
  ]);
  expect(rows).toEqual(truths);
});

it('names no option that the command does not have', () => {
  const known = addTrafficOptions(new Command()).options.map((option) => option.long);
  const named = [...readme.matchAll(/--[a-z][a-z-]+/g)]
    .map(([option]) => option)
    .filter((option) => option !== '--help');
  expect(known).toEqual(expect.arrayContaining(named));
});

it('lists every variable of the k6 script', () => {
  const read = new Set([...script.matchAll(/__ENV\.([A-Z0-9_]+)/g)].map(([, name]) => name!));
  const section = readme.slice(readme.indexOf('| variable |'));
  for (const name of read) expect(section).toContain(`\`${name}\``);
});
