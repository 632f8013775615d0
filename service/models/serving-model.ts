import type { Manifest } from '../../core/manifest/manifest.js';
import type { VersionMetrics } from '../metrics/inference.js';
import type { Infer } from '../predict/infer.js';
import type { RecordRows } from '../predict/record.js';
import type { RequestReader } from '../predict/request-reader.js';
import type { Respond } from '../predict/respond.js';
import type { RowTime } from '../predict/row-time.js';
import type { ModelTensors } from '../v2/model-tensors.js';

/** A loaded, warmed model version: the four steps of a prediction, made for it. */
export interface ServingModel extends RequestReader {
  name: string;
  version: number;
  manifest: Manifest;
  /** The manifest as a caller sees it: with the raw inputs in the place of the features, where there are any. */
  layout: Manifest;
  /** A plausible instance, for the docs and for warming. */
  example: Record<string, number | string | boolean>;
  /** The body of the answer to that instance, as the model gave it while it was warmed; its id is of no prediction. Undefined where that has NaN. */
  exampleAnswer: unknown;
  /** What the Open Inference Protocol calls its inputs and outputs. */
  tensors: ModelTensors;
  infer: Infer;
  record: RecordRows;
  respond: Respond;
  metrics: VersionMetrics;
  /** What a row of a queue before it takes. */
  rowTime: RowTime;
  /** Frees the session; nothing may use the model afterwards. */
  release(): Promise<void>;
}
