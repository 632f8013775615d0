import { compiledPath } from '../../core/package-path.js';
import type { Contestant } from './contestant.js';
import { namedRow } from './named-row.js';

/** Servers that answer the request's own JSON: what HTTP and JSON alone cost. */
export const nodePeers: readonly Contestant[] = [
  echo('node-http', 'bare node:http, JSON echo'),
  echo('express', 'Express 5 with express.json, echo'),
];

function echo(name: string, title: string): Contestant {
  return {
    name,
    title,
    launch: ({ port }) => ({
      command: process.execPath,
      args: [compiledPath(`bench/peers/${name}/server.js`), String(port)],
      environment: { NODE_ENV: 'production' },
    }),
    readyPath: '/ready',
    path: '/predict',
    body: ([row]) => JSON.stringify(namedRow(row!)),
  };
}
