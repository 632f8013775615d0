import type { FeatureBatch, PredictionBatch } from '../inference/batch.js';
import { inferAll } from '../inference/infer-all.js';
import { inferLabels, loadOnnxModel } from '../inference/onnx-session.js';
import type { Manifest } from '../manifest/manifest.js';
import { ProblemsError } from '../problems.js';

/**
 * Runs a model on rows: what cannot answer them cannot be served.
 * @param subject  what the error is about, such as the project's folder
 * @param rowsName  which rows these are, for messages, such as "the reference rows"
 * @throws ProblemsError  it fails on them, answers NaN or infinity, the wrong number of numbers, or labels that the manifest does not know
 */
export async function checkedAnswers(
  subject: string,
  onnx: Uint8Array,
  manifest: Manifest,
  batch: FeatureBatch,
  rowsName: string,
): Promise<PredictionBatch> {
  const fail = (message: string): never => {
    throw new ProblemsError(subject, [{ where: 'model.onnx', message }]);
  };
  const model = await loadOnnxModel(onnx, manifest);
  try {
    const predictions = await inferAll(model, manifest, batch).catch((error: Error) =>
      fail(`fails on ${rowsName}: ${error.message}`),
    );
    const numbers = predictions.probabilities ?? predictions.values;
    if (numbers?.some((v) => !Number.isFinite(v))) fail(`answers some of ${rowsName} with NaN or infinity`);
    const width = predictions.probabilities ? manifest.classes.length : 1;
    if (numbers && numbers.length !== batch.rows * width) {
      fail(`answers ${numbers.length / batch.rows} numbers a row, ${width} are expected (the classes of the manifest)`);
    }
    await checkLabels(onnx, manifest, batch, predictions, rowsName, fail);
    return predictions;
  } finally {
    await model.release();
  }
}

/** A wrong order of `classes` would give wrong answers in silence: compare with the model's own label output. */
async function checkLabels(
  onnx: Uint8Array,
  manifest: Manifest,
  batch: FeatureBatch,
  predictions: PredictionBatch,
  rowsName: string,
  fail: (message: string) => never,
): Promise<void> {
  if (manifest.onnx.label === undefined || manifest.decisionThreshold !== undefined) return;
  const labels = predictions.probabilities ? await inferLabels(onnx, manifest, batch) : (predictions.labels ?? []);
  const unknown = labels.find((label) => !manifest.classes.includes(label));
  const indices = labels.every((label) => /^\d+$/.test(label) && Number(label) < manifest.classes.length);
  if (unknown !== undefined && !(indices && predictions.probabilities)) {
    fail(`answers the label "${unknown}", which is not one of the classes ${manifest.classes.join(', ')}`);
  }
  const named = unknown === undefined ? labels : labels.map((label) => manifest.classes[Number(label)]!);
  const same = named.filter((label, i) => label === predictions.labels?.[i]).length / batch.rows;
  if (same < 0.99) {
    fail(
      `its label output agrees with the most probable class on only ${(same * 100).toFixed(1)} % of ${rowsName}; put "classes" in the model's own order`,
    );
  }
}
