import { describe, expect, test } from 'vitest';
import type { NumberLists } from '../../../core/onnx/messages.js';
import { decodeOnnx, encodeOnnx } from '../../../core/onnx/model-file.js';
import { train } from '../../../trainer/builtin/train.js';
import { asClasses, makeScored } from '../../trainer/builtin/synthetic.js';

const CLASSES = ['low', 'middle', 'high'];
const scored = makeScored({ rows: 400, seed: 5, missing: 0.1, categories: 12 });

/** Trees over numbers and categories, as the built-in trainer writes them: graph, tensors, metadata, all kinds of attributes. */
const { onnx } = train({
  dataset: asClasses(scored, CLASSES.length),
  task: 'multiclass',
  classes: CLASSES,
  seed: 1,
  parameters: { iterations: 20 },
});

/** Field 99 of ModelProto, which no version of onnx.proto has: key, length, three bytes. */
const UNNAMED = Buffer.from([0x9a, 0x06, 3, 1, 2, 3]);

describe.each<NumberLists>(['packed', 'unpacked'])('a trained model whose lists of numbers are %s', (numberLists) => {
  const file = Buffer.from(encodeOnnx(decodeOnnx(onnx), numberLists));

  test('is the same to the byte when it was decoded and encoded again', () => {
    expect(file.length).toBeGreaterThan(5_000);
    expect(Buffer.from(encodeOnnx(decodeOnnx(file), numberLists)).equals(file)).toBe(true);
  });

  test('keeps a field that the table of messages does not name', () => {
    const longer = Buffer.concat([file, UNNAMED]);
    expect(Buffer.from(encodeOnnx(decodeOnnx(longer), numberLists)).equals(longer)).toBe(true);
  });

  test('becomes what the trainer wrote when its lists are packed', () => {
    expect(Buffer.from(encodeOnnx(decodeOnnx(file), 'packed')).equals(onnx)).toBe(true);
  });
});

test('a list of numbers has a key before each of them when it is unpacked', () => {
  const attribute = (numberLists: NumberLists): string => {
    const node = [{ opType: 'Op', input: [], output: [], attribute: [{ name: 'a', ints: [1, 2], type: 7 }] }];
    return Buffer.from(encodeOnnx({ graph: { node, output: [] } }, numberLists)).toString('hex');
  };
  expect(attribute('packed')).toContain('42020102');
  expect(attribute('unpacked')).toContain('40014002');
});
