import { join } from 'node:path';
import { afterAll, afterEach, beforeEach } from 'vitest';
import { createPool, type Pool } from '../../../core/postgres/pool.js';
import { listSegments } from '../../../core/spool/list-segments.js';
import { createDatabase } from '../../helpers/postgres.js';
import { createSpoolRoot, openCapture, type TestCapture } from './fixture.js';

/** What a test of capture works with: a database and a spool folder of its own. */
export interface Stage {
  /** The database of the test that runs. */
  readonly pool: Pool;
  /** The spool folder of the test that runs. */
  readonly root: string;
  /** A pool whose server is not there. */
  readonly away: Pool;
  /** Opens the spool as a process does that ships. */
  ship(): Promise<TestCapture>;
  /** Leaves rows behind as a process that was killed does: with a folder whose socket nobody listens on. */
  leaveBehind(requests: number, rowsOfFile?: number): Promise<{ ids: string[]; folder: string; segment: string }>;
}

/** Makes a database and a folder before each test of a file and takes them away after it. */
export function setStage(): Stage {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let place: Awaited<ReturnType<typeof createSpoolRoot>>;
  let away = unreachable();
  beforeEach(async () => {
    database = await createDatabase();
    place = await createSpoolRoot();
  });
  afterEach(async () => {
    await away.end();
    away = unreachable();
    await database.drop();
    await place.remove();
  });
  afterAll(() => away.end());
  return {
    get pool() {
      return database.pool;
    },
    get root() {
      return place.root;
    },
    get away() {
      return away;
    },
    ship: async () => {
      const capture = await openCapture(database.pool, place.root);
      await capture.start();
      return capture;
    },
    leaveBehind: async (requests, rowsOfFile = 0) => {
      const capture = await openCapture(away, place.root);
      const ids: string[] = [];
      for (let request = 0; request < requests; request++) ids.push(...(await capture.acknowledge(2)));
      if (rowsOfFile > 0) await capture.acknowledge(rowsOfFile, { source: 'batch' });
      await capture.close();
      const [segment] = await listSegments(place.root);
      return { ids, folder: join(segment!, '..'), segment: segment! };
    },
  };
}

function unreachable(): Pool {
  return createPool({
    connectionString: 'postgres://x@127.0.0.1:1/x',
    applicationName: 'test',
    onError: () => undefined,
  });
}
