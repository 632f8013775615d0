import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compiledPath } from '../../../core/package-path.js';
import { writeSmallProject } from '../../helpers/project.js';

const run = promisify(execFile);

// onnxruntime-node 1.30 on Linux, left to itself, keeps a device id and a queue of events under ~/.cache/Microsoft and sends
// them to Microsoft: seen with ORT_DISABLE_TELEMETRY=0.
test('loading a model leaves nothing in the home folder and sends nothing', async () => {
  const project = await writeSmallProject();
  const home = await mkdtemp(join(tmpdir(), 'plumbline-home-'));
  const program = join(home, 'load.mjs');
  await writeFile(
    program,
    `import { readFileSync } from 'node:fs';
     import { openOnnxFile } from ${JSON.stringify(compiledPath('core/inference/onnx-session.js'))};
     const file = await openOnnxFile(readFileSync(process.argv[2]));
     console.log(file.inputs.length);
     await file.release();`,
  );
  const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, HOME: home };
  const { stdout } = await run(process.execPath, [program, join(project.folder, 'model.onnx')], { env });
  expect(Number(stdout)).toBeGreaterThan(0);
  expect(await readdir(home)).toEqual(['load.mjs']);
  await rm(home, { recursive: true });
  await project.remove();
});
