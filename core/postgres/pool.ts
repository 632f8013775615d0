import pg from 'pg';

export type Pool = pg.Pool;
export type Client = pg.PoolClient;
/** What both a pool and a client can do. */
export type Queryable = Pick<pg.Pool, 'query'>;

// int8 arrives as text by default; all our bigints are counts far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
const INT8_ARRAY = 1016;
const parseArray = pg.types.getTypeParser(1009 as never) as (text: string) => string[];
pg.types.setTypeParser(INT8_ARRAY as never, (text: string) => parseArray(text).map(Number));

const CONNECT_TIMEOUT_MS = 5_000;
/** How much longer the client waits than the server works: an answer that says "cancelled" should still arrive. */
const ANSWER_GRACE_MS = 2_000;
/** A peer that is gone without a word is noticed on an idle connection too. */
const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 };

/**
 * A pool of connections. Errors of idle connections go to `onError`; the pool replaces them.
 * @param options.queryTimeoutMs  past it the server cancels a query (SQLSTATE 57014), and two seconds later the query
 *   fails here even if no answer came ("Query read timeout"), so that a network that swallows packets holds nobody for
 *   ever. Waiting for a lock counts. None by default: a pool whose queries wait on purpose must do without.
 */
export function createPool(options: {
  connectionString: string;
  applicationName: string;
  maxConnections?: number;
  queryTimeoutMs?: number;
  onError: (error: Error) => void;
}): Pool {
  const { queryTimeoutMs } = options;
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    application_name: options.applicationName,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...KEEP_ALIVE,
    ...(queryTimeoutMs !== undefined && {
      statement_timeout: queryTimeoutMs,
      query_timeout: queryTimeoutMs + ANSWER_GRACE_MS,
    }),
  });
  pool.on('error', options.onError);
  // A server that ends a connection in the same breath as it accepts it: whoever asked for the connection cannot listen
  // that soon, and without a listener the event would end the process. The next query fails and says why.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Whether a query was given up without an answer: its connection may never give one, and must not be used again. */
export function isUnanswered(error: unknown): error is Error {
  return error instanceof Error && error.message === 'Query read timeout';
}

/**
 * Lends a connection of the pool to `work`; a connection that was lost meanwhile, or gave no answer, is replaced.
 * @param options.timeoutMs  past it the connection is cut and its query fails, so that a dead network cannot hold the
 *   caller for ever; whether a transaction in progress was committed is then unknown
 */
export async function withClient<T>(
  pool: Pool,
  work: (client: Client) => Promise<T>,
  options: { timeoutMs?: number } = {},
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // A lost connection is reported by the query in flight; without a listener the event would end the process.
  const onLost = (error: Error): void => {
    broken = error;
  };
  client.on('error', onLost);
  const { timeoutMs } = options;
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => cut(client, new Error(`Postgres did not finish within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await work(client);
  } catch (error) {
    if (isUnanswered(error)) broken = error;
    throw error;
  } finally {
    clearTimeout(timer);
    client.off('error', onLost);
    client.release(broken);
  }
}

/** Runs `work` in a transaction on one connection; rolls back and rethrows when it throws. `options` are those of `withClient`. */
export async function withTransaction<T>(
  pool: Pool,
  work: (client: Client) => Promise<T>,
  options: { timeoutMs?: number } = {},
): Promise<T> {
  const run = async (client: Client): Promise<T> => {
    await client.query('begin');
    try {
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      // Behind a query without an answer a rollback would wait as long again; the lost connection rolls back.
      if (isUnanswered(error)) throw error;
      // A connection that cannot roll back must not be used again.
      await client.query('rollback').catch((failure: Error) => cut(client, failure));
      throw error;
    }
  };
  return withClient(pool, run, options);
}

/** Destroys the socket: the query in flight fails with `reason`. */
function cut(client: Client, reason: Error): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(error: Error): void } } };
  connection.stream.destroy(reason);
}

/**
 * A dedicated connection that listens on a channel. `onEnd` is called once when it is lost later on.
 * @throws Error when it cannot connect and listen within seconds; nothing of it is left then
 */
export async function listen(options: {
  connectionString: string;
  applicationName: string;
  channel: string;
  onNotify: (payload: string) => void;
  onEnd: (error?: Error) => void;
}): Promise<{ close(): Promise<void> }> {
  const client = new pg.Client({
    connectionString: options.connectionString,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS,
    ...KEEP_ALIVE,
  });
  let closed = false;
  const end = (error?: Error): void => {
    if (closed) return;
    closed = true;
    options.onEnd(error);
  };
  client.on('notification', (message) => options.onNotify(message.payload ?? ''));
  client.on('error', end);
  client.on('end', () => end());
  try {
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(options.channel)}`);
  } catch (error) {
    closed = true;
    // Not awaited: with nobody at the other end there is no good-bye.
    client.end().catch(() => undefined);
    throw error;
  }
  return {
    close: async () => {
      closed = true;
      await client.end();
    },
  };
}
