import type { Instance } from '../../core/manifest/manifest.js';
import { isDeadlineExceeded, type PostInstances, type Reply } from './post.js';

/** The answer to a row. */
export interface RowAnswer {
  id: string;
  label?: string;
  value?: number;
  probabilities?: Record<string, number>;
  modelVersion: number;
}

/** What became of a row: its answer, or why there is none. */
export type Scored = { answer: RowAnswer } | { problem: string };

/** What the service says of a request that it does not answer. */
interface ProblemBody {
  code?: string;
  detail?: string;
  errors?: { path: string; message: string }[];
}

/** Has instances answered. @returns what became of each, in their order @throws Error  as `scoreInstances` */
export type ScoreInstances = (instances: Instance[]) => Promise<Scored[]>;

/** After so many requests that were answered at a smaller size, twice as many rows are tried: what was slow may have been busy. */
const ANSWERED_BEFORE_MORE = 50;

/**
 * Creates a `scoreInstances` that remembers: where a request had to be halved for the number of its rows, the next ones have at most
 * as many rows as the largest of its parts that was answered.
 */
export function createScore(post: PostInstances): ScoreInstances {
  let most = Number.POSITIVE_INFINITY;
  let answered = 0;
  const scoreSome = async (instances: Instance[]): Promise<Scored[]> => {
    let largest = 1;
    let halved = false;
    const scored = await scoreInstances(async (rows) => {
      const reply = await post(rows);
      if (reply.status === 200) largest = Math.max(largest, rows.length);
      halved ||= rows.length > 1 && (reply.status === 413 || isAboutTheirNumber(reply));
      return reply;
    }, instances);
    answered = halved ? 0 : answered + 1;
    if (halved) most = largest;
    else if (answered % ANSWERED_BEFORE_MORE === 0) most *= 2;
    return scored;
  };
  return async (instances) => {
    const scored: Scored[] = [];
    while (scored.length < instances.length) {
      const rest = instances.slice(scored.length, scored.length + most);
      for (const one of await scoreSome(rest)) scored.push(one);
    }
    return scored;
  };
}

/** A row of a request, and the field that is wrong in it, in the path of a problem. */
const ROW_PATH = /^\/instances\/(\d+)(?:\/(.*))?$/;

/**
 * Has instances answered. Rows that the service refuses get its reasons, and the others of their request are sent again
 * without them; a request that is too large, takes too long, or that the model fails on, is halved until what is wrong is one row.
 * @returns what became of each, in their order
 * @throws Error  the service answers something that is not about rows
 */
export async function scoreInstances(post: PostInstances, instances: Instance[]): Promise<Scored[]> {
  if (instances.length === 0) return [];
  const reply = await post(instances);
  const answers = readAnswers(reply, instances.length);
  if (answers) return answers.map((answer) => ({ answer }));
  const refused = readRefusals(reply);
  if (refused.size > 0) {
    const others = await scoreInstances(
      post,
      instances.filter((_, row) => !refused.has(row)),
    );
    const rest = others.values();
    return instances.map((_, row) => {
      const problem = refused.get(row);
      return problem === undefined ? rest.next().value! : { problem };
    });
  }
  if (!isAboutSomeRow(reply) && !(instances.length > 1 && isAboutTheirNumber(reply))) {
    throw new Error(`the service answered ${reply.status}: ${detailOf(reply)}`, { cause: reply });
  }
  if (instances.length === 1) return [{ problem: detailOf(reply) }];
  const middle = instances.length >> 1;
  const first = await scoreInstances(post, instances.slice(0, middle));
  return [...first, ...(await scoreInstances(post, instances.slice(middle)))];
}

function readAnswers({ status, body }: Reply, rows: number): RowAnswer[] | undefined {
  if (status !== 200) return undefined;
  const { predictions, model } = (body ?? {}) as { predictions?: RowAnswer[]; model?: { version: number } };
  if (predictions?.length === rows && model) return predictions.map((p) => ({ ...p, modelVersion: model.version }));
  throw new Error(`the service did not answer ${rows} rows with as many predictions; is --url a Plumbline service?`, {
    cause: body,
  });
}

/** The refused rows by their place in the request, with all that is wrong in each. */
function readRefusals({ status, body }: Reply): Map<number, string> {
  const refused = new Map<number, string>();
  if (status !== 400) return refused;
  for (const { path, message } of (body as ProblemBody | undefined)?.errors ?? []) {
    const [, row, field] = ROW_PATH.exec(path) ?? [];
    if (row === undefined) continue;
    const before = refused.get(Number(row));
    const name = field === undefined ? 'the row' : `column "${field.replaceAll('~1', '/').replaceAll('~0', '~')}"`;
    refused.set(Number(row), `${before === undefined ? '' : `${before}; `}${name} ${message}`);
  }
  return refused;
}

/** Whether fewer rows, or other ones, might be answered. */
function isAboutSomeRow({ status, body }: Reply): boolean {
  return status === 413 || (status === 500 && (body as ProblemBody | undefined)?.code === 'inference_failed');
}

/** Whether the service refuses so many rows at once: more than it takes, or than it answers within its deadline. */
function isAboutTheirNumber(reply: Reply): boolean {
  if (isDeadlineExceeded(reply)) return true;
  const { errors = [] } = (reply.body ?? {}) as ProblemBody;
  return reply.status === 400 && errors.length > 0 && errors.every(({ path }) => path === '/instances');
}

function detailOf({ body }: Reply): string {
  const { detail, errors = [] } = (body ?? {}) as ProblemBody;
  const first = errors[0] ? ` (${errors[0].path} ${errors[0].message})` : '';
  return `${detail ?? JSON.stringify(body) ?? 'no JSON'}${first}`;
}
