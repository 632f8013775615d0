import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseManifest } from '../../core/manifest/parse.js';
import { packagePath } from '../../core/package-path.js';
import { writeSmallProject } from '../helpers/project.js';
import { createStackPlace, type StackPlace } from '../helpers/stack.js';
import { until } from '../helpers/until.js';

// The commands of README.md and of the documents, as they stand there, against a stack started by `npm start`.
const run = promisify(execFile);
let place: StackPlace;
let project: Awaited<ReturnType<typeof writeSmallProject>>;
let output = '';
let stop: () => Promise<void>;

beforeAll(async () => {
  place = await createStackPlace();
  project = await writeSmallProject();
  const child = spawn('npm', ['start'], { cwd: packagePath('.'), env: place.environment, detached: true });
  const exited = once(child, 'exit');
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
  stop = async () => {
    // As Ctrl-C does: to the whole process group.
    if (child.exitCode === null) process.kill(-child.pid!, 'SIGINT');
    await exited;
  };
  await until(
    'npm start to be ready',
    () => {
      if (child.exitCode !== null) throw new Error(output);
      return output.includes('npm run demo');
    },
    120_000,
  );
});
afterAll(async () => {
  await stop();
  await project.remove();
  await place.remove();
});

/** The bash blocks of a document, a command each (continued lines joined, comments off). */
async function commandsOf(file: string): Promise<string[]> {
  const text = await readFile(packagePath(file), 'utf8');
  const blocks = [...text.matchAll(/```(?:bash|sh)\n([\s\S]*?)```/g)].map((m) => m[1]!.replaceAll('\\\n', ' '));
  return blocks
    .flatMap((b) => b.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter(Boolean);
}

async function shell(command: string): Promise<string> {
  const local = command
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${place.servicePort}`)
    .replaceAll('127.0.0.1:8081', `127.0.0.1:${place.monitorPort}`)
    .replaceAll('127.0.0.1:8082', `127.0.0.1:${place.trainerPort}`)
    .replaceAll(/\bmy-model\b/g, project.folder);
  const { stdout } = await run('bash', ['-c', local], { cwd: packagePath('.'), env: place.environment });
  return stdout;
}

test('README.md has only commands that are run here or by CI', async () => {
  const commands = (await commandsOf('README.md')).map((command) => command.split(/\s+/).slice(0, 2).join(' '));
  // Those of docker compose are run by test/end-to-end/compose.sh, on a machine that has an engine.
  expect([...new Set(commands)].sort()).toEqual([
    'curl -s',
    'docker compose',
    'npm ci',
    'npm cit',
    'npm run',
    'npx plumbline',
  ]);
});

test('the prediction and the outcome of README.md', async () => {
  const [predict, outcome] = (await commandsOf('README.md')).filter((command) => command.startsWith('curl'));
  const answer = JSON.parse(await shell(predict!)) as { predictions: { id: string; label: string }[]; model: unknown };
  expect(answer.model).toEqual({ name: 'wine-quality', version: 1 });
  expect(answer.predictions[0]!.label).toMatch(/^[3-8]$/);
  expect(JSON.parse(await shell(outcome!.replace('ID', answer.predictions[0]!.id)))).toMatchObject({ accepted: 1 });
});

test('the URLs of README.md answer', async () => {
  const text = await readFile(packagePath('README.md'), 'utf8');
  const urls = [...text.matchAll(/<http:\/\/127\.0\.0\.1:(808\d)([^>]*)>/g)];
  expect(urls.length).toBe(5);
  for (const [, port, path] of urls) {
    const local = port === '8080' ? place.servicePort : place.monitorPort;
    expect((await fetch(`http://127.0.0.1:${local}${path}`)).status, path).toBe(200);
  }
});

test('the commands of docs/model-projects.md, and a prediction of the model they add', async () => {
  const commands = await commandsOf('docs/model-projects.md');
  const names = commands.map((c) => c.split(' ').slice(2, 4).join(' '));
  expect(names).toEqual(['model check', 'model add', 'model list', 'model train', 'model promote', 'model prepare']);
  expect(await shell(commands[0]!)).toContain('small-model: multiclass, 3 features, 600 reference rows: sound');
  expect(await shell(commands[1]!)).toContain('small-model version 1 is the champion');
  expect(await shell(commands[1]!)).toContain('small-model is unchanged: version 1 stays the champion');
  await until('the service to serve it', async () => {
    const body = JSON.stringify({ instances: [{ size: 2, weight: null, colour: 'red' }] });
    const response = await fetch(`http://127.0.0.1:${place.servicePort}/v1/models/small-model/predict`, {
      method: 'POST',
      body,
    });
    return (
      response.status === 200 &&
      ((await response.json()) as { predictions: { label: string }[] }).predictions[0]!.label === 'high'
    );
  });
  await expect(shell(commands[3]!.replace('--force', ''))).rejects.toThrow(
    'is there already; write over it with --force',
  );
  expect(await shell(`${commands[3]} --seed 2`)).toMatch(
    /wrote .*model\.onnx; on rows held out of the training:\n.*accuracy/s,
  );
  expect(await shell(commands[1]!)).toContain('small-model version 2 is the champion');
  expect(await shell(commands[4]!.replace('my-model', 'small-model'))).toContain(
    'small-model version 1 is the champion',
  );
  const prepared = join(place.home, 'prepared.csv');
  expect(await shell(commands[5]!.replace('prepared.csv', prepared))).toBe(`${prepared}: 600 rows\n`);
  expect(await readFile(prepared, 'utf8')).toMatch(/^size,weight,colour,grade\n/);
  expect(await shell(commands[2]!)).toMatch(/small-model@2 {2}retired.*small-model@1 {2}champion/s);
});

test('the commands of docs/retraining.md, on the model of the test before', async () => {
  const commands = (await commandsOf('docs/retraining.md')).map((c) => c.replace('wine-quality', 'small-model'));
  const [pause, resume, override, shadow, canary, withdraw, rollback, rebaseline, add, verify, lineage, ...others] =
    commands as [string, ...string[]];
  expect(others).toEqual([]);
  expect(await shell(pause)).toContain('small-model is paused');
  expect(await shell(resume!)).toContain('small-model goes on');
  await expect(shell(override!)).rejects.toThrow('there is no run "RUN"');
  await expect(shell(shadow!)).rejects.toThrow('version 1 is the champion');
  for (const stage of [shadow!, canary!]) {
    expect(await shell(stage.replace('small-model 1', 'small-model 2'))).toMatch(
      /version 2 is in its (shadow|canary) stage/,
    );
    expect(await shell(withdraw!)).toContain('small-model version 2 was withdrawn');
  }
  await expect(shell(rollback!.replace('--yes', ''))).rejects.toThrow('nothing was changed');
  expect(await shell(rollback!)).toContain('small-model version 2 is the champion');

  const file = join(place.home, 'outcomes.csv');
  const ids = await predictRows(250);
  const lines = ids.map((id, i) => `${id},${i % 2 === 0 ? 'low' : 'high'},2026-01-01T00:00:00Z`);
  const unknown = '01900000-0000-7000-8000-000000000000,low,2026-01-01T00:00:00Z';
  await writeFile(file, ['prediction_id,actual,observed_at', ...lines].join('\n'));
  const send = add!.replace('outcomes.csv', file).concat(` --url http://127.0.0.1:${place.servicePort}`);
  expect(await shell(send)).toContain('250 new, 0 corrected, 0 known already, 0 refused');
  await writeFile(file, ['prediction_id,actual,observed_at', unknown, ...lines.slice(0, 9)].join('\n'));
  await expect(shell(send)).rejects.toThrow(/outcomes\.csv:2: prediction_id .* is no prediction of model small-model/);

  expect(await shell(rebaseline!)).toContain('small-model version 3 is the champion: the model of version 2');
  expect(await shell(verify!)).toMatch(/^\d+ rows, 0 problems, the end is [0-9a-f]{64}\n$/);
  expect(await shell(lineage!.replace('@1', '@3'))).toMatch(
    /small-model@3 .* from version 2\n.*champion\.rebaseline.*small-model@2/s,
  );
});

/** Predictions of small-model, once their rows are stored. @returns their ids */
async function predictRows(rows: number): Promise<string[]> {
  const url = `http://127.0.0.1:${place.servicePort}/v1`;
  const instances = Array.from({ length: rows }, (_, i) => ({
    size: (i % 40) / 10 - 2,
    weight: 40 + (i % 20),
    colour: 'red',
  }));
  return until('the rows to be of version 2 and stored', async () => {
    const response = await fetch(`${url}/models/small-model/predict`, {
      method: 'POST',
      body: JSON.stringify({ instances }),
    });
    const { predictions, model } = (await response.json()) as {
      predictions: { id: string }[];
      model: { version: number };
    };
    if (model.version !== 2) throw new Error(`version ${model.version}`);
    const ids = predictions.map(({ id }) => id);
    await until('the last to be stored', async () => (await fetch(`${url}/predictions/${ids.at(-1)}`)).ok);
    return ids;
  });
}

test('the commands of docs/console.md', async () => {
  const [link, asJson, asPage, all] = await commandsOf('docs/console.md');
  const url = (await shell(link!)).trim();
  expect(url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${place.monitorPort}/sign-in#[\\w-]{32}$`));
  expect(output).toContain(url);
  expect(JSON.parse(await shell(asJson!))).toMatchObject({ kind: 'data-drift', model: { name: 'wine-quality' } });
  const file = join(place.home, 'quality.html');
  expect(await shell(asPage!.replace('quality.html', file))).toBe(`wrote ${file}\n`);
  expect(await readFile(file, 'utf8')).toContain('<h1>Data quality of wine-quality');
  const folder = join(place.home, 'reports');
  await shell(all!.replace('--output reports', `--output ${folder}`));
  expect((await readdir(folder)).sort()).toEqual(
    ['data-drift', 'data-quality', 'model-performance', 'target-drift'].flatMap((k) => [`${k}.html`, `${k}.json`]),
  );
});

test('the commands of docs/batch-scoring.md, and that of the wines', async () => {
  const commands = await commandsOf('docs/batch-scoring.md');
  const ofWines = (await commandsOf('examples/wine-quality/README.md')).filter((c) => c.includes('plumbline predict'));
  expect([commands.length, ofWines.length]).toEqual([2, 1]);
  const file = join(place.home, 'rows.csv');
  await writeFile(file, 'alcohol,volatile_acidity,sulphates\n11.2,0.26,0.48\n9,x,0.5\n10,0.3,0.5\n');
  for (const command of [...commands, ...ofWines]) {
    const [, output, format] = /--output (\S+\.(csv|parquet))/.exec(command)!;
    const scored = join(place.home, `scored.${format}`);
    const model = command.includes('--model') ? '' : ' --model wine-quality';
    const local = command
      .replace(/--input \S+/, `--input ${file}`)
      .replace(output!, scored)
      .concat(model);
    const { code, stdout, stderr } = (await shell(local).catch((error: unknown) => error)) as Failed;
    expect(code).toBe(2);
    expect(stderr).toContain('rows.csv row 2: column "volatile_acidity": "x" is not a number');
    expect(stdout).toBe(`wrote ${scored}: 3 rows, 2 answered by wine-quality version 1, 1 with an error\n`);
  }
});

interface Failed {
  code: number;
  stdout: string;
  stderr: string;
}

test('the retrainings and the report of README.md', async () => {
  const commands = (await commandsOf('README.md')).filter((command) => command.startsWith('npx'));
  const report = commands.find((command) => command.includes('report wine-quality'));
  expect(JSON.parse(await shell(report!))).toMatchObject({ kind: 'data-drift' });
  const list = commands.find((command) => command.includes('runs list'));
  expect(await shell(list!)).toContain('no retrainings yet');
});

test('the commands of docs/tracing.md: a prediction made again', async () => {
  const [start, replay, ...others] = await commandsOf('docs/tracing.md');
  // The first is what test/end-to-end/tracing.test.ts does, with a trace store.
  expect(start).toMatch(/^OTEL_EXPORTER_OTLP_ENDPOINT=\S+ OTEL_TRACES_SAMPLER_ARG=1 npm start$/);
  expect([replay, others]).toEqual(['npx plumbline replay ID', []]);
  const predict = (await commandsOf('README.md')).find((command) => command.startsWith('curl'));
  const { predictions } = JSON.parse(await shell(predict!)) as { predictions: { id: string }[] };
  const { id } = predictions[0]!;
  const replayed = await until('the row to be stored', () => shell(replay!.replace('ID', id)));
  expect(replayed).toMatch(/^prediction .* wine-quality version 1 .*\nthe same answer again, bit for bit/);
});

test('the commands of docs/runbook, beside npm start as its README says', async () => {
  const pages = (await readdir(packagePath('docs/runbook'))).filter((name) => name !== 'README.md');
  const commands = (await Promise.all(pages.map((name) => commandsOf(`docs/runbook/${name}`)))).flat();
  const asked = [...new Set(commands)].filter((command) => !/^docker compose (ps|logs|restart|up)/.test(command));
  expect(asked.length).toBeGreaterThan(15);
  for (const command of asked) {
    const local = command
      .replace('docker compose exec service plumbline', 'npx plumbline')
      .replace(' --spool /data/spool', '');
    if (command.includes('model rollback')) {
      await expect(shell(local)).rejects.toThrow('version 1 of wine-quality replaced no other');
      continue;
    }
    if (/runs (approve|turn-down) ID/.test(command)) {
      await expect(shell(local)).rejects.toThrow('there is no run "ID"');
      continue;
    }
    const [ask, pattern] = local.split(/ \| grep (?:-E )?/);
    const said = await shell(ask!);
    if (pattern === undefined) continue;
    // What has no series yet is there by its TYPE line; a label value that does not occur, by its metric.
    const name = new RegExp(
      pattern
        .slice(1, -1)
        .replace(/\.\*.*$/, '')
        .replace(/^\^/, '^(?:# TYPE )?'),
      'm',
    );
    expect(said, command).toMatch(name);
  }
}, 120_000);

test('the commands of docs/api-keys.md', async () => {
  const [add, list, revoke, ...others] = await commandsOf('docs/api-keys.md');
  expect(others).toEqual([]);
  const key = /plk_\S+/.exec(await shell(add!))![0];
  expect(await shell(list!)).not.toContain(key);
  expect(await shell(revoke!)).toContain('checkout-service');
  expect(await shell(list!)).toMatch(/checkout-service.*revoked/s);
});

test('the manifest of docs/model-projects.md is one', async () => {
  const text = await readFile(packagePath('docs/model-projects.md'), 'utf8');
  const yaml = /```yaml\n([\s\S]*?)```/.exec(text)![1]!;
  expect(parseManifest(yaml)).toEqual(parse(yaml));
});
