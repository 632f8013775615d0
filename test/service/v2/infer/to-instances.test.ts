import { expect, test } from 'vitest';
import type { Feature, Manifest } from '../../../../core/manifest/manifest.js';
import type { Tensor } from '../../../../service/v2/infer/tensor.js';
import { toInstances } from '../../../../service/v2/infer/to-instances.js';

const features: Feature[] = [
  { name: 'size', type: 'numeric', missing: true, outOfRange: 'flag' },
  { name: 'wet', type: 'boolean', missing: true },
  { name: 'colour', type: 'categorical', missing: true, categories: ['red', 'green'], unseen: 'flag' },
];
const manifest: Pick<Manifest, 'features' | 'onnx'> = { features, onnx: { input: 'tensor' } };
const tensors = { inputs: [{ name: 'x', datatype: 'FP32' as const, shape: [-1, 3] }], outputs: [] };
const tensor = (
  name: string,
  datatype: Tensor['datatype'],
  shape: number[],
  data: ReturnType<Tensor['at']>[],
): Tensor => ({
  name,
  datatype,
  shape,
  at: (index) => data[index]!,
});

test('reads truth values and categories out of a tensor of numbers, and leaves what is neither to be refused', async () => {
  const data = [1.5, 1, 1, null, 0, 0, Number.NaN, Number.NaN, Number.NaN, 2, 0.5, 7];
  expect(await toInstances(manifest, tensors, [tensor('x', 'FP32', [4, 3], data)], 9)).toEqual([
    { size: 1.5, wet: true, colour: 'green' },
    { size: null, wet: false, colour: 'red' },
    { size: null, wet: null, colour: null },
    { size: 2, wet: 0.5, colour: 7 },
  ]);
});

test('reads a column a feature, truth values as numbers too, and leaves out what is not sent', async () => {
  const inputs = [tensor('colour', 'BYTES', [2], ['blue', '']), tensor('wet', 'UINT8', [2, 1], [1, 0])];
  expect(await toInstances(manifest, tensors, inputs, 9)).toEqual([
    { wet: true, colour: 'blue' },
    { wet: false, colour: null },
  ]);
});

test('takes the empty text for a category where it is one', async () => {
  const named: Feature[] = [{ name: 'colour', type: 'categorical', missing: false, categories: [''], unseen: 'flag' }];
  const columns = { inputs: [{ name: 'colour', datatype: 'BYTES' as const, shape: [-1, 1] }], outputs: [] };
  const only = { features: named, onnx: { input: 'columns' as const } };
  expect(await toInstances(only, columns, [tensor('colour', 'BYTES', [1], [''])], 9)).toEqual([{ colour: '' }]);
});

test('refuses a datatype that is not the feature’s', async () => {
  const refused = (name: string, datatype: Tensor['datatype']) =>
    toInstances(manifest, tensors, [tensor(name, datatype, [1], [1])], 9);
  const error = { details: { errors: [{ message: expect.stringMatching(/^has datatype/) }] } };
  await expect(refused('colour', 'FP32')).rejects.toMatchObject(error);
  await expect(refused('size', 'BOOL')).rejects.toMatchObject(error);
  await expect(refused('wet', 'BYTES')).rejects.toMatchObject(error);
});
