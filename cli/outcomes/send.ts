import { setTimeout as delay } from 'node:timers/promises';
import { keyHeader } from '../../core/keys/header.js';
import type { FileOutcome } from './plan.js';

/** What became of the rows of a file. */
export interface SentOutcomes {
  accepted: number;
  revised: number;
  unchanged: number;
  refused: { line: number; message: string }[];
}

const ROWS_A_REQUEST = 500;
const WAITS_MS = [250, 500, 1_000, 2_000, 4_000];
const PATH = /^\/outcomes\/(\d+)(\/[^/]*)?/;

/**
 * Sends rounds of outcomes one after the other, a few hundred rows a request. Rows that the service refuses are left out and
 * the others of their request sent again; a service that is too busy is asked again a few times. Told twice, an outcome says
 * the same, so a file that was broken off may be sent again.
 * @throws Error when the service cannot be reached, does not know the model, or refuses without saying which row
 */
export async function sendOutcomes(options: {
  url: string;
  model: string;
  /** Where the service wants one. */
  apiKey?: string | undefined;
  rounds: FileOutcome[][];
}): Promise<SentOutcomes> {
  const target = `${options.url.replace(/\/+$/, '')}/v1/models/${encodeURIComponent(options.model)}`;
  const isNumber = (await describeTask(target)) === 'regression';
  const sent: SentOutcomes = { accepted: 0, revised: 0, unchanged: 0, refused: [] };
  const send = createPost(`${target}/outcomes`, options.apiKey);
  for (const round of options.rounds) {
    for (let start = 0; start < round.length; start += ROWS_A_REQUEST) {
      let rows = round.slice(start, start + ROWS_A_REQUEST);
      while (rows.length > 0) rows = await sendSome(send, rows, isNumber, sent);
    }
  }
  return sent;
}

async function describeTask(target: string): Promise<string> {
  const response = await fetch(target).catch((error: Error) => {
    throw new Error(`${target} cannot be reached; is the service running, and is --url right?`, { cause: error });
  });
  if (!response.ok)
    throw new Error(`${target} answered ${response.status}; see GET /v1/models for the names it serves`);
  return ((await response.json()) as { task: string }).task;
}

/** Sends rows in one request. @returns the rows to send again, without those that were refused */
async function sendSome(
  send: Post,
  rows: FileOutcome[],
  isNumber: boolean,
  sent: SentOutcomes,
): Promise<FileOutcome[]> {
  const outcomes = rows.map(({ line: _, actual, ...row }) => ({
    ...row,
    actual: isNumber && actual !== '' && Number.isFinite(Number(actual)) ? Number(actual) : actual,
  }));
  const { status, body } = await send({ outcomes });
  if (status === 200) {
    const counts = body as Omit<SentOutcomes, 'refused'>;
    sent.accepted += counts.accepted;
    sent.revised += counts.revised;
    sent.unchanged += counts.unchanged;
    return [];
  }
  const { errors = [] } = (body ?? {}) as { errors?: { path: string; message: string }[] };
  const refused = new Map<number, string>();
  for (const { path, message } of errors) {
    const [, index, field = ''] = PATH.exec(path) ?? [];
    if (index !== undefined) refused.set(Number(index), `${field.slice(1)} ${message}`.trim());
  }
  if (status !== 400 || refused.size === 0) throw new Error(`the service answered ${status}: ${JSON.stringify(body)}`);
  for (const [index, message] of refused) sent.refused.push({ line: rows[index]!.line, message });
  return rows.filter((_, index) => !refused.has(index));
}

type Post = (body: unknown) => Promise<{ status: number; body: unknown }>;

function createPost(url: string, apiKey: string | undefined): Post {
  const headers = { 'content-type': 'application/json', ...keyHeader(apiKey) };
  return async (body) => {
    for (let attempt = 0; ; attempt++) {
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
      const answer = { status: response.status, body: (await response.json()) as unknown };
      const wait = WAITS_MS[attempt];
      if (response.status !== 503 || wait === undefined) return answer;
      await delay(wait);
    }
  };
}
