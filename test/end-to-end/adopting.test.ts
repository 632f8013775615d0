import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compiledPath, packagePath } from '../../core/package-path.js';
import { createStackPlace, plumbline, type Running, type StackPlace } from '../helpers/stack.js';
import { until } from '../helpers/until.js';

// The scripts and commands of docs/adopting.md, as they stand there, library by library, against one stack.
const run = promisify(execFile);
const PYTHON = packagePath('.cache/python-trainer/bin/python');
/** Of a probability, and of a value relative to it. */
const TOLERANCE = 1e-5;

test.runIf(process.env.CI)('the Python libraries are installed', () => {
  expect(existsSync(PYTHON), 'install them with: bash test/end-to-end/install-python-trainer.sh').toBe(true);
});

describe.skipIf(!existsSync(PYTHON))('docs/adopting.md', () => {
  let place: StackPlace;
  let running: Running;
  let page: string;

  beforeAll(async () => {
    page = await readFile(packagePath('docs/adopting.md'), 'utf8');
    place = await createStackPlace();
    running = plumbline(['up', '--example', 'none'], place.environment);
    await until('plumbline up to be ready', () => {
      if (running.child.exitCode !== null) throw new Error(running.output());
      return running.output().includes('model add FOLDER');
    });
  });
  afterAll(async () => {
    running.child.kill('SIGTERM');
    await running.ended;
    await place.remove();
  });

  /** The blocks of a language below a heading of the page; before the first heading where none is given. */
  function blocks(language: string, heading?: string): string[] {
    const parts = page.split(/^## /m);
    const part = heading === undefined ? parts[0]! : parts.find((text) => text.startsWith(`${heading}\n`))!;
    return [...part.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1]!);
  }

  /** What stands in for the script of PyTorch; the script itself is only held against it. */
  async function torchGraph(script: string): Promise<string> {
    for (const part of [
      '"input_names": ["input"]',
      '"output_names": ["output"]',
      '{0: "rows"}',
      'Linear(4, 16)',
      'external_data=False',
    ]) {
      expect(script).toContain(part);
    }
    return readFile(packagePath('test/end-to-end/torch-graph.py'), 'utf8');
  }

  async function python(folder: string, script: string): Promise<string> {
    await writeFile(join(folder, 'script.py'), script);
    const { stdout } = await run(PYTHON, ['script.py'], { cwd: folder, env: { ...process.env, OMP_NUM_THREADS: '1' } });
    return stdout;
  }

  test.concurrent.each([
    ['scikit-learn', 'from-scikit-learn', /task +binary: no, yes.*changed .*zipmap/s],
    ['LightGBM', 'from-lightgbm', /task +regression/],
    ['XGBoost', 'from-xgboost', /task +binary: 0, 1/],
    ['PyTorch', 'from-pytorch', /task +multiclass: 0, 1, 2\n.*changed .*scores \(logits\).*softmax/s],
  ])('%s: from the training to an answer that is the library’s own', async (heading, name, inferred) => {
    const folder = join(place.home, name);
    await mkdir(folder);
    const [script, ...more] = blocks('python', heading);
    expect(more).toEqual([]);
    const own = JSON.parse(
      await python(folder, heading === 'PyTorch' ? await torchGraph(script!) : script!),
    ) as number[];

    const said: string[] = [];
    for (const command of blocks('bash')[0]!.trim().split('\n')) {
      const [npx, program, ...args] = command.replaceAll('my-model', name).split(' ');
      expect([npx, program]).toEqual(['npx', 'plumbline']);
      const options = { cwd: folder, env: place.environment };
      said.push((await run(process.execPath, [compiledPath('cli/main.js'), ...args], options)).stdout);
    }
    expect(said[0]).toMatch(inferred);
    expect(said[1]).toContain(': sound');
    expect(said[2]).toContain(`${name} version 1 is the champion`);

    const ask = blocks('python')[0]!
      .replace('127.0.0.1:8080', `127.0.0.1:${place.servicePort}`)
      .replace('my-model', name);
    await until(
      'the service to serve it',
      async () => (await fetch(`http://127.0.0.1:${place.servicePort}/v1/models/${name}`)).ok,
    );
    const answer = JSON.parse(await python(folder, ask)) as {
      predictions: [{ value?: number; probabilities?: Record<string, number> }];
    };
    const [{ value, probabilities }] = answer.predictions;
    const served = probabilities ? Object.values(probabilities) : [value!];
    expect(served).toHaveLength(own.length);
    for (const [i, number] of own.entries()) {
      expect(Math.abs(served[i]! - number)).toBeLessThanOrEqual(TOLERANCE * Math.max(1, Math.abs(number)));
    }
  });
});
