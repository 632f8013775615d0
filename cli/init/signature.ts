import { openOnnxFile, type TensorInfo } from '../../core/inference/onnx-session.js';
import { decodeOnnx, encodeOnnx } from '../../core/onnx/model-file.js';
import { ProblemsError } from '../../core/problems.js';
import { classLabels } from './class-labels.js';
import { takeOffZipMaps } from './edit-outputs.js';

/** What an ONNX file takes and gives. */
export interface Signature {
  /** The file, without ZipMaps. */
  onnx: Uint8Array;
  inputs: TensorInfo[];
  outputs: TensorInfo[];
  /** The class labels that the file lists, in the order of the probabilities; absent where it lists none. */
  labels?: string[];
  /** What was changed in the file, in words. */
  changes: string[];
}

/** Reads the signature of an ONNX file; ZipMaps are taken off. @throws ProblemsError  onnxruntime cannot load it */
export async function readSignature(bytes: Uint8Array, file: string): Promise<Signature> {
  await open(bytes, file);
  const model = decodeOnnx(bytes);
  const labels = classLabels(model);
  const maps = takeOffZipMaps(model, labels?.length);
  const onnx = maps.length > 0 ? encodeOnnx(model, 'unpacked') : bytes;
  const changes = maps.map(
    (name) => `its output "${name}" was a map (zipmap); the probabilities themselves took its place`,
  );
  return { onnx, ...(await open(onnx, file)), ...(labels && { labels }), changes };
}

async function open(bytes: Uint8Array, file: string): Promise<Pick<Signature, 'inputs' | 'outputs'>> {
  try {
    const { inputs, outputs, release } = await openOnnxFile(bytes);
    await release();
    return { inputs, outputs };
  } catch (error) {
    const { message: reason } = error as Error;
    const advice = reason.includes('tensor(double)') ? DOUBLE_ADVICE : '';
    const message = `onnxruntime cannot load it: ${reason}${advice}`;
    throw new ProblemsError(file, [{ where: file, message }]);
  }
}

/** What skl2onnx makes of an example row of 64 bits, together with a ZipMap, cannot be loaded. */
const DOUBLE_ADVICE = '; export it with float32 rows, such as to_onnx(model, X[:1].astype("float32"))';

/** A tensor in words: `X float32[?,4]`. */
export function showTensor({ name, isTensor, type, shape }: TensorInfo): string {
  if (!isTensor) return `${name} (a map or sequence)`;
  return `${name} ${type ?? 'of an unknown type'}[${shape?.map((size) => (size === -1 ? '?' : size)).join(',') ?? ''}]`;
}
