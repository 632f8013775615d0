import { spawn } from 'node:child_process';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compiledPath } from '../../../core/package-path.js';
import { runTrainingCommand } from '../../../core/training/run-command.js';
import { isRunning } from '../../helpers/processes.js';
import { until } from '../../helpers/until.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-command-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const shell = (script: string): string[] => ['sh', '-c', script];

function run(command: string[], options: Partial<Parameters<typeof runTrainingCommand>[0]> = {}) {
  return runTrainingCommand({ command, input: folder, output: join(folder, 'out'), timeoutMs: 60_000, ...options });
}

/** The process id that a command has left in a file. */
async function processId(file: string): Promise<number> {
  return until(`a process id in ${file}`, async () => Number(await readFile(join(folder, file), 'utf8')));
}

/** Waits until a process is gone; one that was killed needs a moment. */
async function untilEnded(pid: number): Promise<void> {
  await until(`process ${pid} to end`, () => !isRunning(pid), 10_000);
}

test('a time limit ends what the command started too, and does not wait for it', async () => {
  const began = Date.now();
  const ended = run(shell(`sleep 20 & echo $! > ${folder}/child; wait; echo done`), { timeoutMs: 2_000 });
  await expect(ended).rejects.toThrow('was ended after 0.0333');
  expect(Date.now() - began).toBeLessThan(10_000);
  await untilEnded(await processId('child'));
});

test('a command that will not end is ended by force, and the answer waits for that', async () => {
  const abort = new AbortController();
  const script = `process.on("SIGTERM", () => console.log("asked")); setInterval(() => {}, 1000);
    require("node:fs").writeFileSync(${JSON.stringify(join(folder, 'stubborn'))}, String(process.pid));`;
  const ended = run(shell(`"${process.execPath}" -e '${script}'; true`), { signal: abort.signal });
  const failure = ended.catch((error: Error & { log: string }) => error);
  const pid = await processId('stubborn');
  abort.abort();
  expect(await failure).toMatchObject({
    message: expect.stringContaining('was ended, as its caller ends'),
    log: expect.stringContaining('asked'),
  });
  await untilEnded(pid);
});

test('a command that ends leaves nothing running', async () => {
  await expect(run(shell(`sleep 20 & echo $! > ${folder}/left; exit 3`))).rejects.toThrow('ended with exit code 3');
  await untilEnded(await processId('left'));
});

test('is not begun when its caller ends already, and says when there is no such program', async () => {
  const began = join(folder, 'began');
  await expect(run(shell(`touch ${began}`), { signal: AbortSignal.abort() })).rejects.toThrow('was not begun');
  await expect(access(began)).rejects.toThrow('ENOENT');
  await expect(run(['no-such-program'])).rejects.toThrow('could not be run: spawn no-such-program ENOENT');
});

test('a time limit of months is not one of a millisecond', async () => {
  await expect(run(shell('sleep 0.2; exit 4'), { timeoutMs: 2 ** 32 })).rejects.toThrow('ended with exit code 4');
});

test('sees the environment it is given and no other', async () => {
  const { PATH } = process.env;
  const failed = run(shell('env; exit 1'), { environment: { PATH, ONLY: 'this' } });
  const { log } = (await failed.catch((error: unknown) => error)) as { log: string };
  expect(log).toContain('ONLY=this');
  expect(log).not.toContain('HOME=');
});

test('the built-in command ends when its caller is gone, though it computes', async () => {
  const rows = Array.from({ length: 60_000 }, (_, i) => `${Math.sin(i)},${Math.sin(i * i)},${Math.sin(3 * i)},1`);
  const features = ['a', 'b'].map((name) => ({ name, type: 'numeric', missing: false, outOfRange: 'flag' }));
  await writeFile(join(folder, 'dataset.csv'), `a,b,y,plumbline_weight\n${rows.join('\n')}\n`);
  const manifest = { name: 'm', task: 'regression', target: 'y', classes: [], features };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  const request = { modelName: 'm', seed: 1, parentVersion: null, metric: 'mae' };
  await writeFile(join(folder, 'request.json'), JSON.stringify(request));
  const child = spawn(process.execPath, [compiledPath('trainer/builtin/main.js'), '--end-with-stdin', folder, folder]);
  const exited = new Promise<string | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
    // From here on it trains, for many seconds, and does not look up.
    child.stdin.end();
  });
  expect(await exited).toBe('SIGTERM');
  expect(said).toBe('read 60000 rows with 2 features\n');
});

/** A process of its own that runs a training command, and says how that ended. */
function caller(command: string[]) {
  const options = { command, input: folder, output: join(folder, 'out'), timeoutMs: 60_000 };
  const module = pathToFileURL(compiledPath('core/training/run-command.js')).href;
  const script = `import { runTrainingCommand } from ${JSON.stringify(module)};
    await runTrainingCommand(${JSON.stringify(options)}).catch((error) => console.log(error.message));`;
  return spawn(process.execPath, ['--input-type=module', '-e', script]);
}

test('standard input stays open as long as the caller lives, and closes when it is killed', async () => {
  const script = `require("node:fs").writeFileSync(${JSON.stringify(join(folder, 'waits'))}, String(process.pid));
    process.stdin.resume().on("end", () => process.exit()); setInterval(() => {}, 1000);`;
  const child = caller([process.execPath, '-e', script]);
  const pid = await processId('waits');
  expect(isRunning(pid)).toBe(true);
  child.kill('SIGKILL');
  await untilEnded(pid);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s to a caller, as from the terminal, ends the command', async (name) => {
  const child = caller(shell(`echo $$ > ${folder}/trains; sleep 20; true`));
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  const pid = await processId('trains');
  child.kill(name);
  await closed;
  expect(said).toContain('was ended, as its caller ends');
  await untilEnded(pid);
});

const leave = (files: Record<string, string>): string[] =>
  shell(
    Object.entries({ 'model.onnx': 'x', 'metrics.json': '{}', ...files })
      .map(([name, text]) => `printf '%s' '${text}' > "$1/${name}"`)
      .join('; '),
  );
/** `sh -c SCRIPT` calls its first argument $0: with it, $1 is the output folder. */
const leaving = (files: Record<string, string>) => run(leave(files));

test('what it printed is told as it comes', async () => {
  const told: string[] = [];
  const script = `echo first; while [ ! -e ${folder}/go ]; do sleep 0.02; done; echo second; exit 1`;
  const ended = run(shell(script), { onOutput: (text) => told.push(text) }).catch((error: Error) => error.message);
  await until('the first line', () => told.join('') === 'first\n');
  await writeFile(join(folder, 'go'), '');
  expect(await ended).toMatch('exit code 1');
  expect(told.join('')).toBe('first\nsecond\n');
});

test.runIf(process.platform === 'linux')(
  'a command that holds too much memory is ended with what it started',
  async () => {
    const script = `const held = Buffer.alloc(300 * 2 ** 20, 1); setInterval(() => held[0]++, 1000)`;
    const ended = run(shell(`"${process.execPath}" -e '${script}'; true`), { memoryMegabytes: 200 });
    await expect(ended).rejects.toThrow(/was ended as it held \d+ MiB of 200 \(training.memoryMegabytes\)/);
  },
);

test('metrics that are not JSON, or endless, are a failure that says so', async () => {
  await expect(leaving({ 'metrics.json': '{"accuracy": NaN}' })).rejects.toThrow(
    /metrics.json is not JSON \(which has no NaN/,
  );
  await expect(leaving({ 'metrics.json': '{"mae": 1e999}' })).rejects.toThrow('metrics.json: mae is too large');
  await expect(leaving({ 'metrics.json': '[1]' })).rejects.toThrow('must hold a JSON object');
});

const trial = {
  number: 0,
  state: 'complete',
  family: 'f',
  parameters: {},
  metrics: {},
  metric: 'mae',
  score: 1,
  durationSeconds: 1,
};

test('trials are read, and a line that is none is a failure that says so', async () => {
  expect((await leaving({ 'trials.jsonl': JSON.stringify(trial) })).trials).toEqual([trial]);
  await expect(leaving({ 'trials.jsonl': '{"number": -1}' })).rejects.toThrow(/trials.jsonl, line 1/);
});

test('a model card is read where there is one, as text that can be stored', async () => {
  expect((await leaving({})).modelCard).toBeNull();
  const withNul = `printf x > "$1/model.onnx"; printf '{}' > "$1/metrics.json"; printf '# Grapes\\000' > "$1/model-card.md"`;
  expect((await run(shell(withNul))).modelCard).toBe('# Grapes\uFFFD');
  expect((await leaving({ 'model-card.md': 'x'.repeat(70_000) })).modelCard).toHaveLength(65_536);
});

test('what was tried by a command that failed is kept, but for a torn last line', async () => {
  const failed = run(shell(`printf '%s\\n%s' '${JSON.stringify(trial)}' '{"number": 1' > "$1/trials.jsonl"; exit 1`));
  expect(await failed.catch((error: unknown) => error)).toMatchObject({ trials: [trial] });
});

test.runIf(process.platform === 'linux')('every thread of a command runs at a lower priority', async () => {
  const script = `setTimeout(() => {
    const fs = require("node:fs");
    const nice = fs.readdirSync("/proc/self/task").map((id) => fs.readFileSync("/proc/self/task/" + id + "/stat", "utf8").split(") ")[1].split(" ")[16]);
    console.log("nice", [...new Set(nice)].join(), nice.length); process.exit(1); }, 100)`;
  const failed = run([process.execPath, '-e', script]);
  const { log } = (await failed.catch((error: unknown) => error)) as { log: string };
  expect(log).toMatch(new RegExp(`^nice ${Math.max(5, getPriority())} \\d+`));
});
