import ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import type { Task } from '../../../../trainer/builtin/dataset.js';
import { train } from '../../../../trainer/builtin/train.js';
import { asClasses, asRegression, makeScored } from '../synthetic.js';

/** Every input or output as "name type shape", with -1 for any number of rows. */
async function signature(onnx: Uint8Array): Promise<{ inputs: string[]; outputs: string[] }> {
  const session = await ort.InferenceSession.create(onnx);
  const describeTensor = (value: ort.InferenceSession.ValueMetadata): string => {
    if (!value.isTensor) return `${value.name} is no tensor`;
    return `${value.name} ${value.type} [${value.shape.map((size) => (typeof size === 'number' ? size : -1))}]`;
  };
  const inputs = session.inputMetadata.map(describeTensor);
  const outputs = session.outputMetadata.map(describeTensor);
  await session.release();
  return { inputs, outputs };
}

function exported(task: Task, classes: string[], categories: number): Uint8Array {
  const scored = makeScored({ rows: 100, seed: 1, categories });
  const dataset = task === 'regression' ? asRegression(scored) : asClasses(scored, classes.length);
  return train({ dataset, task, classes, seed: 1, parameters: { iterations: 3 } }).onnx;
}

test('numeric features come in one tensor; a value goes out in one column', async () => {
  expect(await signature(exported('regression', [], 0))).toEqual({
    inputs: ['features float32 [-1,4]'],
    outputs: ['value float32 [-1,1]'],
  });
});

test('with a category every feature has its own tensor; classes go out as label and probabilities', async () => {
  expect(await signature(exported('multiclass', ['a', 'b', 'c'], 5))).toEqual({
    inputs: [
      'x0 float32 [-1,1]',
      'x1 float32 [-1,1]',
      'colour string [-1,1]',
      'x2 float32 [-1,1]',
      'x3 float32 [-1,1]',
    ],
    outputs: ['label string [-1]', 'probabilities float32 [-1,3]'],
  });
  const binary = await signature(exported('binary', ['no', 'yes'], 0));
  expect(binary.outputs).toEqual(['label string [-1]', 'probabilities float32 [-1,2]']);
});

test('the metadata names the producer, the task, the features and the classes', () => {
  const text = Buffer.from(exported('binary', ['no', 'yes'], 5)).toString('utf8');
  expect(text).toContain('plumbline built-in trainer');
  expect(text).toContain(
    '[{"name":"x0","type":"numeric"},{"name":"x1","type":"numeric"},{"name":"colour","type":"categorical"}',
  );
  expect(text).toContain('["no","yes"]');
});
