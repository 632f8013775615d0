import type { Contestant } from './contestant.js';
import { nodePeers } from './node-peers.js';
import { plumbline, plumblineDisk } from './plumbline.js';
import { pythonPeers } from './python-peers.js';

/** Every server of the comparison, in the order of the tables. */
export const CONTESTANTS: readonly Contestant[] = [plumbline, plumblineDisk, ...nodePeers, ...pythonPeers];

/** The contestants of a comma-separated list of names; all when there is none. @throws Error that lists the names */
export function chooseContestants(list: string | undefined): Contestant[] {
  if (list === undefined) return [...CONTESTANTS];
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !CONTESTANTS.some((contestant) => contestant.name === name));
  if (unknown.length > 0) {
    const known = CONTESTANTS.map(({ name }) => name).join(', ');
    throw new Error(`--servers ${list}: there is no ${unknown.join(', ')}; there are ${known}`, { cause: 'option' });
  }
  return CONTESTANTS.filter(({ name }) => names.includes(name));
}
