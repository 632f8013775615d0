import { execFileSync } from 'node:child_process';
import { appendFile, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, type TestContext, test } from 'vitest';
import { listSegments } from '../../../core/spool/list-segments.js';
import { PREFIX_BYTES, parseHead } from '../../../core/spool/record.js';
import { until } from '../../helpers/until.js';
import { type CrashStack, createCrashStack, type Load } from './crash-stack.js';

/** In CI as long as it says; elsewhere shorter. */
const AWAY_MS = process.env.CI ? 60_000 : 5_000;
const asRoot = process.getuid?.() === 0;

// Two at once: the first waits for a minute and does little, and takes as long as all others.
async function startStack({ onTestFinished }: TestContext): Promise<CrashStack> {
  const stack = await createCrashStack();
  onTestFinished(stack.remove);
  return stack;
}

async function moreAnswers(load: Load, more: number): Promise<void> {
  const before = load.acknowledged.length;
  await until('more answers', () => load.acknowledged.length > before + more);
}

/** Rows that were acknowledged while Postgres was away, left in the spool of a killed service. */
async function leaveInSpool(stack: CrashStack): Promise<string[]> {
  await stack.startService();
  const load = stack.startLoad();
  await moreAnswers(load, 200);
  await stack.stopPostgres();
  await moreAnswers(load, 500);
  await stack.endService('SIGKILL');
  await load.stop();
  await stack.startPostgres();
  return load.acknowledged;
}

test.concurrent(`Postgres stopped for ${AWAY_MS / 1_000} seconds, and back`, async (context) => {
  const stack = await startStack(context);
  await stack.startService();
  // A pause: a minute of all that it can do would only make the counting longer.
  const load = stack.startLoad(20);
  await moreAnswers(load, 100);
  await stack.stopPostgres();
  const before = load.acknowledged.length;
  await delay(AWAY_MS);
  expect(load.acknowledged.length - before).toBeGreaterThan(AWAY_MS / 20);
  expect(await stack.metric('capture_oldest_record_age_seconds')).toBeGreaterThan((AWAY_MS / 1_000) * 0.9);
  await stack.startPostgres();
  await load.stop();
  expect([...load.statuses]).toEqual([200]);
  await stack.assertKept(load.acknowledged);
  expect(await stack.metric('capture_oldest_record_age_seconds')).toBe(0);
});

test.runIf(process.env.CI)('CI runs as root, as the test of a full disk mounts one', { concurrent: true }, () => {
  expect(asRoot).toBe(true);
});

test.skipIf(!asRoot)(
  'the disk of the spool fills up, has room again, is filled by another program, has room again',
  { concurrent: true },
  async (context) => {
    const stack = await startStack(context);
    await mkdir(stack.spool);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', stack.spool]);
    try {
      await stack.startService();
      const load = stack.startLoad();
      await moreAnswers(load, 200);
      await stack.stopPostgres();
      await until('a refusal', () => load.statuses.has(503));
      expect(await stack.metric('capture_rows_total{result="failed"}')).toBeGreaterThan(0);
      expect(await stack.metric('capture_spooled_rows')).toBeGreaterThan(1_000);
      await stack.startPostgres();
      await moreAnswers(load, 500);
      const filler = join(stack.spool, 'filler');
      await writeFile(filler, Buffer.alloc(4_000_000)).catch(() => undefined);
      load.statuses.delete(503);
      await until('a refusal', () => load.statuses.has(503));
      await rm(filler);
      await moreAnswers(load, 500);
      await load.stop();
      expect([...load.statuses].sort()).toEqual([200, 503]);
      await stack.assertKept(load.acknowledged);
      expect(await stack.endService('SIGTERM')).toBe(0);
    } finally {
      execFileSync('umount', ['-l', stack.spool]);
    }
  },
);

test.concurrent('a tail torn in the middle of a record is cut off, and everything before it is stored', async (context) => {
  const stack = await startStack(context);
  const acknowledged = await leaveInSpool(stack);
  const segment = (await listSegments(stack.spool)).at(-1)!;
  const bytes = await readFile(segment);
  const head = parseHead(bytes)!.bytes;
  const record = bytes.subarray(head, head + PREFIX_BYTES + bytes.readUInt32LE(head));
  // As the process would have left it had it died in the middle of its write.
  await appendFile(segment, record.subarray(0, Math.floor(record.length / 2)));
  await stack.startService();
  await stack.assertKept(acknowledged, 1);
  expect(await stack.metric('capture_torn_tails_total')).toBe(1);
  expect(await stack.metric('capture_torn_bytes_total')).toBe(Math.floor(record.length / 2));
});

test.concurrent('segments that come back after they were stored are stored once', async (context) => {
  const stack = await startStack(context);
  const acknowledged = await leaveInSpool(stack);
  const segments = await listSegments(stack.spool);
  const kept = join(dirname(stack.spool), 'kept');
  await mkdir(kept);
  for (const segment of segments) await copyFile(segment, join(kept, basename(segment)));
  await stack.startService();
  await stack.assertKept(acknowledged, 1);
  await stack.endService('SIGKILL');
  for (const segment of segments) {
    await mkdir(dirname(segment), { recursive: true });
    await copyFile(join(kept, basename(segment)), segment);
  }
  await stack.startService();
  await until('all to be sent again', async () => {
    const duplicates = await stack.metric('capture_rows_total{result="duplicate"}');
    return duplicates > 0 && duplicates === (await stack.metric('capture_rows_total{result="adopted"}'));
  });
  expect(await stack.metric('capture_rows_total{result="stored"}')).toBe(0);
  await stack.assertKept([]);
});

/** Makes the service's clock go back by an hour at each SIGUSR2. */
const JUMPING_CLOCK = `
  const RealDate = Date;
  let behindMs = 0;
  globalThis.Date = class extends RealDate {
    constructor(...args) { if (args.length === 0) super(RealDate.now() - behindMs); else super(...args); }
    static now() { return RealDate.now() - behindMs; }
  };
  process.on('SIGUSR2', () => { behindMs += 3_600_000; });
`;

test.concurrent('a clock that jumps back by an hour, twice, under load', async (context) => {
  const stack = await startStack(context);
  await stack.startService(['--import', `data:text/javascript,${encodeURIComponent(JUMPING_CLOCK)}`]);
  const load = stack.startLoad();
  const timeOf = (id: string): number => Number.parseInt(id.replace('-', '').slice(0, 12), 16);
  for (let jump = 0; jump < 2; jump++) {
    await moreAnswers(load, 200);
    const before = timeOf(load.acknowledged.at(-1)!);
    stack.signalService('SIGUSR2');
    await until('ids of the earlier time', () => timeOf(load.acknowledged.at(-1)!) < before - 3_000_000);
  }
  await moreAnswers(load, 200);
  await load.stop();
  expect([...load.statuses]).toEqual([200]);
  await stack.assertKept(load.acknowledged);
});
