import type { InSlices } from '../../core/in-slices.js';
import { loadOnnxModel } from '../../core/inference/onnx-session.js';
import type { Pool } from '../../core/postgres/pool.js';
import { encodeRows } from '../../core/preparation/prepare.js';
import { requestLayout } from '../../core/preparation/request-fields.js';
import { createWriteInputs } from '../../core/preparation/stored-inputs.js';
import { getArtefact } from '../../core/registry/artefacts.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import type { Spool } from '../capture/spool.js';
import type { ServiceMetrics } from '../metrics/metrics.js';
import { hasOnlyNumbers } from '../predict/answer.js';
import { createInfer } from '../predict/infer.js';
import { createRecord } from '../predict/record.js';
import { createRequestReader } from '../predict/request-reader.js';
import { createRespond } from '../predict/respond.js';
import { createRowTime } from '../predict/row-time.js';
import { modelTensors } from '../v2/model-tensors.js';
import { exampleInstance } from './example-instance.js';
import type { ServingModel } from './serving-model.js';

/** What every serving model needs of its surroundings. */
export interface ModelSurroundings {
  pool: Pool;
  metrics: Pick<ServiceMetrics, 'capture' | 'version'>;
  spool: Pick<Spool, 'append' | 'assertRoom' | 'partBytes'>;
  maxInstances: number;
  sliceRows: number;
  eachSlice: InSlices;
}

const WARM_RUNS = 2;
/** Stands in the docs; no prediction has it. */
const EXAMPLE_ID = '01900000-0000-7000-8000-000000000000';

/** Loads a version's artefact, runs it a few times so that its first caller does not pay for that, and makes its steps. */
export async function loadServingModel(version: ModelVersion, options: ModelSurroundings): Promise<ServingModel> {
  const { manifest, modelName, modelVersion } = version;
  const { eachSlice } = options;
  const onnx = await loadOnnxModel(await getArtefact(options.pool, version.modelDigest), manifest);
  const example = exampleInstance(version);
  const respond = createRespond(manifest, modelVersion, eachSlice);
  const layout = requestLayout(manifest);
  let exampleAnswer: unknown;
  try {
    for (let i = 0; i < WARM_RUNS; i++) await onnx.infer(encodeRows(manifest, [example, example]));
    const answer = await onnx.infer(encodeRows(manifest, [example]));
    if (hasOnlyNumbers(answer)) exampleAnswer = JSON.parse(respond.small([EXAMPLE_ID], answer, []));
  } catch (cause) {
    await onnx.release();
    throw new Error(`${modelName} version ${modelVersion} fails on a plausible instance`, { cause });
  }
  const metrics = options.metrics.version(modelName, modelVersion);
  const rowTime = createRowTime();
  const onRun = (seconds: number, rows: number): void => {
    metrics.run(seconds, rows);
    rowTime.ran(seconds, rows);
  };
  return {
    name: modelName,
    version: modelVersion,
    manifest,
    layout,
    example,
    exampleAnswer,
    tensors: modelTensors(layout, onnx),
    ...createRequestReader(manifest, options.maxInstances, eachSlice),
    infer: createInfer({ model: onnx, manifest, sliceRows: options.sliceRows, onRun }),
    record: createRecord({
      spool: options.spool,
      modelName,
      modelVersion,
      writeInputs: manifest.inputs && createWriteInputs(manifest.inputs),
      metrics: options.metrics.capture,
      eachSlice,
    }),
    respond,
    metrics,
    rowTime,
    release: () => onnx.release(),
  };
}
