import { readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isRunning } from '../helpers/processes.js';
import { createStackPlace, plumbline, type Running, type StackPlace } from '../helpers/stack.js';
import { until } from '../helpers/until.js';

let place: StackPlace;
let running: Running | undefined;

beforeEach(async () => {
  place = await createStackPlace();
});
afterEach(async () => {
  if (running && running.child.exitCode === null && running.child.signalCode === null) {
    running.child.kill('SIGTERM');
    await running.ended;
  }
  await place.remove();
});

const wine = { alcohol: 10.5, volatile_acidity: 0.3, sulphates: 0.5 };

async function predict(): Promise<{ id: string; label: string }> {
  const response = await fetch(`http://127.0.0.1:${place.servicePort}/v1/models/wine-quality/predict`, {
    method: 'POST',
    body: JSON.stringify({ instances: [wine] }),
  });
  expect(response.status).toBe(200);
  const { predictions } = (await response.json()) as { predictions: { id: string; label: string }[] };
  return predictions[0]!;
}

/** A prediction as Postgres has it: it may still be on its way there from the spool. */
async function untilStored(id: string): Promise<unknown> {
  return until('the prediction to be stored', async () => {
    const response = await fetch(`http://127.0.0.1:${place.servicePort}/v1/predictions/${id}`);
    return response.status === 200 && response.json();
  });
}

async function up(): Promise<Running> {
  running = plumbline(['up'], place.environment);
  const started = running;
  await until(
    'plumbline up to be ready',
    () => {
      if (started.child.exitCode !== null) throw new Error(started.output());
      return started.output().includes('ready') && started.output().includes('npm run demo');
    },
    120_000,
  );
  return started;
}

test('starts from nothing, survives a killed process, stops cleanly and resumes where it was', async () => {
  const first = await up();
  const { id, label } = await predict();

  const pid = await pidOf('service/main.js', first.child.pid!);
  process.kill(pid, 'SIGKILL');
  await until(
    'the service to be started again',
    async () => (await pidOf('service/main.js', first.child.pid!)) !== pid,
  );
  await until('it to answer', () => predict().then(() => true));

  first.child.kill('SIGINT');
  expect(await first.ended, first.output()).toBe(0);
  expect(first.output()).toContain('stopped');
  expect((await stat(join(place.home, 'secrets.json'))).mode & 0o077).toBe(0);

  const second = await up();
  expect(second.output()).toContain('wine-quality: version 1 is the champion');
  expect(second.output()).not.toContain('training');
  expect(await untilStored(id)).toMatchObject({ id, label });
});

test('a second start from the same folder is refused while the first runs', async () => {
  await up();
  const other = plumbline(['up'], place.environment);
  expect(await other.ended).toBe(1);
  expect(other.output()).toMatch(/already runs from .* \(process \d+\); stop it, or set PLUMBLINE_HOME/);
});

test('names the setting to change when a port is taken', async () => {
  const squatter = createServer();
  await new Promise<void>((done) => squatter.listen(place.monitorPort, '127.0.0.1', done));
  const started = plumbline(['up'], place.environment);
  expect(await started.ended).toBe(1);
  expect(started.output()).toContain(
    `port ${place.monitorPort} on 127.0.0.1 is taken by another program; stop it, or set MONITOR_PORT`,
  );
  await new Promise((done) => squatter.close(done));
});

test('stops in good order while it starts', async () => {
  running = plumbline(['up'], place.environment);
  const started = running;
  await until('the start to be under way', () => started.output().includes('training'), 60_000);
  const children = await descendants(started.child.pid!);
  started.child.kill('SIGTERM');
  expect(await started.ended, started.output()).toBe(1);
  expect(started.output()).toContain('stopped before it was ready');
  await until('every child to end', () => children.every((pid) => !isRunning(pid)));
  await up();
});

test('says so when the secrets do not belong to the database', async () => {
  const first = await up();
  first.child.kill('SIGTERM');
  await first.ended;
  await rm(join(place.home, 'secrets.json'));
  running = plumbline(['up'], place.environment);
  expect(await running.ended, running.output()).toBe(1);
  expect(running.output()).toMatch(
    /the password in .*secrets\.json is not that of the database in .*postgres; put the file back/,
  );
});

test('a killed Postgres is started again, and what was acknowledged is there', async () => {
  const first = await up();
  const { id } = await predict();
  process.kill(await postmasterPid(), 'SIGKILL');
  await until('Postgres to run again', () => first.output().includes('Postgres runs again'), 60_000);
  await until('predictions to be answered', () => predict().then(() => true));
  expect(await untilStored(id)).toMatchObject({ id });
});

test('a Postgres whose host was killed is ended by the next start', async () => {
  const first = await up();
  const { id } = await predict();
  const [host, orphan] = [await pidOf('postgres-host.js', first.child.pid!), await postmasterPid()];
  // At once: a host that is started again would end the orphan.
  process.kill(host, 'SIGKILL');
  first.child.kill('SIGTERM');
  await first.ended;
  expect(isRunning(orphan)).toBe(true);
  await up();
  expect(isRunning(orphan)).toBe(false);
  expect(await untilStored(id)).toMatchObject({ id });
});

test('leaves nothing behind when it is killed', async () => {
  const first = await up();
  const children = await descendants(first.child.pid!);
  expect(children.length).toBeGreaterThanOrEqual(4);
  first.child.kill('SIGKILL');
  await until('every child to end by itself', () => children.every((pid) => !isRunning(pid)), 30_000);
  const second = await up();
  expect(second.output()).toContain('version 1 is the champion');
});

async function postmasterPid(): Promise<number> {
  return Number((await readFile(join(place.home, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

/** Process ids of all children of a process (Linux). */
async function descendants(parent: number): Promise<number[]> {
  const { readdir } = await import('node:fs/promises');
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found: number[] = [];
  for (const pid of pids) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    if (Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]) === parent) found.push(pid);
  }
  return found;
}

async function pidOf(entry: string, parent: number): Promise<number> {
  for (const pid of await descendants(parent)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(entry)) return pid;
  }
  throw new Error(`no child runs ${entry}`);
}
