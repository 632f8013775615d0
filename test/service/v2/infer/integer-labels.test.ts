import { expect, test } from 'vitest';
import type { Manifest } from '../../../../core/manifest/manifest.js';
import { writeAnswer } from '../../../../service/v2/infer/write-answer.js';
import { modelTensors } from '../../../../service/v2/model-tensors.js';

const file = (type: string) => ({
  inputs: [{ name: 'x', isTensor: true, type: 'float32', shape: [-1, 1] }],
  outputs: [{ name: 'y', isTensor: true, type, shape: [-1] }],
});
const manifest = (...classes: string[]) =>
  ({ task: 'multiclass', classes, features: [], onnx: { input: 'tensor', label: 'y' } }) as unknown as Manifest;
const describe = (type: string, ...classes: string[]) => modelTensors(manifest(...classes), file(type)).outputs[0]!;

test('labels are INT64 where the file and the classes are integers, else BYTES', () => {
  expect(describe('int64', '3', '-4', '0').datatype).toBe('INT64');
  for (const other of ['03', '1.5', 'low', '99999999999999999999'])
    expect(describe('int64', '3', other).datatype).toBe('BYTES');
  expect(describe('string', '3', '4').datatype).toBe('BYTES');
});

test('writes integer labels beyond 2^53 exactly, as JSON and as bytes', async () => {
  const output = describe('int64', '9007199254740993', '-1');
  const answer = { rows: 2, labels: ['9007199254740993', '-1'] };
  const parts = { modelName: 'm', modelVersion: 1, id: 'i', parameters: {}, answer };
  const json = await writeAnswer({ ...parts, outputs: [{ output, binary: false }] });
  expect(json.body.toString()).toMatch('"data":[9007199254740993,-1]');
  const binary = await writeAnswer({ ...parts, outputs: [{ output, binary: true }] });
  const data = binary.body.subarray(Number(binary.headers['inference-header-content-length']));
  expect([data.readBigInt64LE(0), data.readBigInt64LE(8)]).toEqual([9007199254740993n, -1n]);
});
