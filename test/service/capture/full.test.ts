import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPool } from '../../../core/postgres/pool.js';
import { encodeHead, parseHead } from '../../../core/spool/record.js';
import { createSegmentFile } from '../../../service/capture/segment-file.js';
import { createSpool } from '../../../service/capture/spool.js';
import { CaptureFailedError, SpoolFullError } from '../../../service/errors.js';
import { createDatabase } from '../../helpers/postgres.js';
import { until } from '../../helpers/until.js';
import { startTestService } from '../harness.js';
import { flowers, promote } from '../models.js';
import { countRows, createSpoolRoot, openCapture } from './fixture.js';

let place: Awaited<ReturnType<typeof createSpoolRoot>>;
beforeEach(async () => {
  place = await createSpoolRoot();
});
afterEach(() => place.remove());

const asRoot = process.getuid?.() === 0;

test('a spool at its bound refuses with 503 and Retry-After, counts, and takes rows again when Postgres is back', async () => {
  const database = await createDatabase();
  await promote(database.pool, await flowers());
  const service = await startTestService(database.url, {
    SERVICE_SPOOL_MAX_BYTES: '65536',
    SERVICE_COMMIT_TIMEOUT_SECONDS: '1',
  });
  await service.ready();
  const predict = () => service.post('/v1/models/flowers/predict', { instances: [{ length: 7, width: 2, depth: 1 }] });
  const blocker = await database.pool.connect();
  await blocker.query('begin; lock table capture_batches in access exclusive mode');
  const answered: string[] = [];
  let refused = await predict();
  while (refused.status === 200 && answered.length < 5_000) {
    answered.push(refused.body.predictions[0].id);
    refused = await predict();
  }
  expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([503, 'capture_failed', '2']);
  expect(answered.length).toBeGreaterThan(100);
  expect((await service.get('/metrics')).body).toMatch('capture_rows_total{result="refused"} 1');
  await blocker.query('rollback');
  blocker.release();
  await until('an answer', async () => {
    const reply = await predict();
    if (reply.status === 200) answered.push(reply.body.predictions[0].id);
    return reply.status === 200;
  });
  await service.stored();
  expect(await countRows(database.pool, answered)).toEqual({
    rows: answered.length,
    ids: answered.length,
    inBatches: answered.length,
  });
  await service.close();
  await database.drop();
});

test.skipIf(!asRoot)(
  'a full disk refuses rows, loses none that it took, and takes rows again when there is room',
  async () => {
    const database = await createDatabase();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', place.root]);
    try {
      const pool = createPool({
        connectionString: 'postgres://x@127.0.0.1:1/x',
        applicationName: 'test',
        onError: () => undefined,
      });
      const capture = await openCapture(pool, join(place.root, 'spool'));
      const ids: string[] = [];
      const fill = async (): Promise<unknown> => {
        for (;;) ids.push(...(await capture.acknowledge(10)));
      };
      const error = await fill().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(CaptureFailedError);
      expect(((error as Error).cause as NodeJS.ErrnoException).code).toBe('ENOSPC');
      expect(ids.length).toBeGreaterThan(500);
      // Within a second of it, others are refused unseen.
      expect(() => capture.spool.assertRoom()).toThrow(/ENOSPC/);
      await capture.close();
      await pool.end();

      // A new process finds the disk as full as it was, ships what is there, and so makes room.
      const next = await openCapture(database.pool, join(place.root, 'spool'));
      await next.start();
      await next.stored();
      await until('a row to be taken', async () => {
        ids.push(...(await next.acknowledge(10)));
        return true;
      });
      await next.stored();
      expect(await countRows(database.pool, ids)).toEqual({ rows: ids.length, ids: ids.length, inBatches: ids.length });

      // Another program fills the disk, then goes.
      const filler = join(place.root, 'filler');
      await writeFile(filler, Buffer.alloc(600_000)).catch(() => undefined);
      const refusedAgain = await fill().catch((thrown: unknown) => thrown);
      expect(refusedAgain).toBeInstanceOf(CaptureFailedError);
      await rm(filler);
      await until('a row to be taken', async () => {
        ids.push(...(await next.acknowledge(10)));
        return true;
      });
      await next.stored();
      expect(await countRows(database.pool, ids)).toEqual({ rows: ids.length, ids: ids.length, inBatches: ids.length });
      await next.close();
    } finally {
      execFileSync('umount', ['-l', place.root]);
      await database.drop();
    }
  },
);

/** A spool whose file writes go through `around`. */
function spoolWith(
  durability: 'os' | 'disk',
  around: (write: () => Promise<void>, bytes: Buffer) => Promise<void>,
  said: string[] = [],
) {
  return createSpool({
    folder: async () => place.root,
    spoolId: '019ab000-0000-7000-8000-000000000000',
    columns: 'prediction_id',
    durability,
    maxBytes: 1_000_000,
    now: Date.now,
    onState: (error) => said.push(error === undefined ? 'well' : (error as Error).message),
    createFile: async (path, durable) => {
      const file = await createSegmentFile(path, durable);
      return {
        ...file,
        write: (bytes, position) => around(() => file.write(bytes, position), bytes),
        sync: async () => {
          said.push('sync');
          await file.sync();
        },
      };
    },
  });
}

const record = (text: string) => ({
  modelName: 'm',
  modelVersion: 1,
  rows: 1,
  firstMs: 1,
  lastMs: 1,
  source: 'live' as const,
  tuples: Buffer.from(text),
});

test('what waits while a write is under way shares the next one, and with it the sync to disk', async () => {
  const writes: number[] = [];
  const said: string[] = [];
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const spool = spoolWith(
    'disk',
    async (write, bytes) => {
      writes.push(bytes.length);
      if (writes.length === 2) await held;
      await write();
    },
    said,
  );
  const first = spool.append(record('a\n'));
  await until('the first write', () => writes.length === 2);
  const others = Array.from({ length: 9 }, () => spool.append(record('b\n')));
  release();
  await Promise.all([first, ...others]);
  // The head, the first record, and nine requests at once, in one record.
  expect(writes).toHaveLength(3);
  expect(writes[2]).toBe(writes[1]! + 8 * 'b\n'.length);
  expect(said).toEqual(['sync', 'sync']);
  expect(spool.progress()).toEqual({ appended: 10, stored: 0 });
  await spool.close();
});

test('a write that fails half way refuses its group, leaves no trace, and later ones go on', async () => {
  let failing = false;
  const said: string[] = [];
  const spool = spoolWith(
    'os',
    async (write) => {
      await write();
      if (failing) throw new Error('disk on fire');
    },
    said,
  );
  await spool.append(record('a\n'));
  failing = true;
  await expect(spool.append(record('lost\n'))).rejects.toThrow('disk on fire');
  expect(() => spool.assertRoom()).toThrow('disk on fire');
  failing = false;
  await until('rows to be taken again', async () => {
    await spool.append(record('b\n'));
    return true;
  });
  expect(said).toEqual(['disk on fire', 'well']);
  expect(spool.progress().appended).toBe(2);
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(spool.oldest()!.path, 'latin1');
  expect(text).not.toContain('lost');
  expect(text.match(/\n[ab]\n/g)).toHaveLength(2);
  await spool.close();
});

test('refuses a group that would go beyond the bound', async () => {
  const spool = spoolWith('os', (write) => write());
  await spool.append(record(`${'x'.repeat(600_000)}\n`));
  await expect(spool.append(record(`${'x'.repeat(600_000)}\n`))).rejects.toThrow(SpoolFullError);
  await spool.append(record('small\n'));
  await spool.close();
});

test('a head says which spool and which columns, and nothing else passes for one', () => {
  const id = '019ab000-0000-7000-8000-000000000000';
  const head = encodeHead(id, 'prediction_id, label');
  expect(parseHead(Buffer.concat([head, Buffer.from('more')]))).toEqual({
    spoolId: id,
    columns: 'prediction_id, label',
    bytes: head.length,
  });
  for (const text of [
    '',
    'plumbline-spool-1',
    `plumbline-spool-1 ${id} a; drop table x\n`,
    `plumbline-spool-1 ${id} a\n`,
  ]) {
    expect(parseHead(Buffer.from(text))).toBeUndefined();
  }
});
