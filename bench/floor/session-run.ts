import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import '../../core/inference/disable-ort-telemetry.js';
import ort from 'onnxruntime-node';
import { compiledPath } from '../../core/package-path.js';
import { median } from '../median.js';
import type { SampleRow } from '../model/prepare.js';
import { SERVER_CORE } from '../pin.js';
import { runToEnd } from '../run-to-end.js';

/** What inference alone takes, without a server. */
export interface InferenceAlone {
  /** Median microseconds of one `session.run` on that many rows, by number of rows. */
  runUs: Record<number, number>;
}

const BATCHES = [1, 32, 256];

/** Times `session.run` of onnxruntime-node on the core of the servers, asking for the probabilities only. */
export async function measureInferenceAlone(modelFolder: string, seconds: number): Promise<InferenceAlone> {
  const program = compiledPath('bench/floor/session-run.js');
  const command = ['-c', String(SERVER_CORE), process.execPath, program, modelFolder, String(seconds)];
  return JSON.parse(await runToEnd('taskset', command)) as InferenceAlone;
}

if (process.argv[1]?.endsWith('bench/floor/session-run.js')) {
  console.log(JSON.stringify(await timeRuns(process.argv[2]!, Number(process.argv[3]))));
}

async function timeRuns(folder: string, seconds: number): Promise<InferenceAlone> {
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 } as const;
  const session = await ort.InferenceSession.create(join(folder, 'model.onnx'), options);
  const { sample } = JSON.parse(await readFile(join(folder, 'sample.json'), 'utf8')) as { sample: SampleRow[] };
  const width = sample[0]!.features.length;
  const runUs: Record<number, number> = {};
  for (const rows of BATCHES) {
    // The sample twice and more, so that runs can begin at each of its rows: one row again and again would be learnt
    // by the processor's branch predictor.
    const data = Float32Array.from({ length: (sample.length + rows) * width }, (_, i) => {
      return sample[Math.floor(i / width) % sample.length]!.features[i % width]!;
    });
    const times: number[] = [];
    const end = performance.now() + seconds * 1_000;
    while (performance.now() < end) {
      const started = performance.now();
      const first = ((times.length * rows) % sample.length) * width;
      const batch = data.subarray(first, first + rows * width);
      await session.run({ features: new ort.Tensor('float32', batch, [rows, width]) }, ['probabilities']);
      times.push((performance.now() - started) * 1_000);
    }
    runUs[rows] = median(times);
  }
  await session.release();
  return { runUs };
}
