/** Element types of tensors (onnx.proto, TensorProto.DataType). */
export const ELEMENT = { float: 1, uint8: 2, int64: 7, string: 8 } as const;

/** Kinds of attributes (onnx.proto, AttributeProto.AttributeType). */
const ATTRIBUTE = { float: 1, int: 2, tensor: 4, floats: 6, ints: 7, strings: 8 } as const;

/** A message as a plain object, with the field names of `core/onnx/messages.ts`. */
export type Message = Readonly<Record<string, unknown>>;

/** A tensor with its numbers as little-endian bytes. */
export function tensor(
  name: string,
  values: Float32Array | Uint8Array | BigInt64Array,
  dims: readonly number[],
): Message {
  const dataType =
    values instanceof Float32Array ? ELEMENT.float : values instanceof Uint8Array ? ELEMENT.uint8 : ELEMENT.int64;
  return { name, dims, dataType, rawData: littleEndian(values) };
}

function littleEndian(values: Float32Array | Uint8Array | BigInt64Array): Uint8Array {
  const bytes = new Uint8Array(values.byteLength);
  const view = new DataView(bytes.buffer);
  if (values instanceof Uint8Array) bytes.set(values);
  else if (values instanceof Float32Array) {
    for (const [i, value] of values.entries()) view.setFloat32(i * 4, value, true);
  } else {
    for (const [i, value] of values.entries()) view.setBigInt64(i * 8, value, true);
  }
  return bytes;
}

/** An input or output of the graph: a tensor of any number of rows; `columns` undefined for one without a second dimension. */
export function valueInfo(name: string, element: keyof typeof ELEMENT, columns?: number): Message {
  const dim: Message[] = [{ dimParam: 'rows' }];
  if (columns !== undefined) dim.push({ dimValue: columns });
  return { name, type: { tensorType: { elemType: ELEMENT[element], shape: { dim } } } };
}

/** An operator. `domain` is '' for the standard ones. */
export function operator(
  opType: string,
  domain: '' | 'ai.onnx.ml',
  input: readonly string[],
  output: readonly string[],
  attribute: readonly Message[] = [],
): Message {
  return { opType, domain, input, output, attribute, name: `make ${output.join(' ')}` };
}

/** An attribute holding one whole number. */
export const intAttribute = (name: string, i: number): Message => ({ name, type: ATTRIBUTE.int, i });

/** An attribute holding one float32. */
export const floatAttribute = (name: string, f: number): Message => ({ name, type: ATTRIBUTE.float, f });

/** An attribute holding whole numbers. */
export const intsAttribute = (name: string, ints: readonly number[]): Message => ({ name, type: ATTRIBUTE.ints, ints });

/** An attribute holding float32 numbers. */
export const floatsAttribute = (name: string, floats: readonly number[]): Message => ({
  name,
  type: ATTRIBUTE.floats,
  floats,
});

/** An attribute holding texts, as UTF-8. */
export function stringsAttribute(name: string, texts: readonly string[]): Message {
  const encoder = new TextEncoder();
  return { name, type: ATTRIBUTE.strings, strings: texts.map((text) => encoder.encode(text)) };
}

/** An attribute holding a one-dimensional tensor. */
export function tensorAttribute(name: string, values: Float32Array | Uint8Array): Message {
  return { name, type: ATTRIBUTE.tensor, t: tensor(name, values, [values.length]) };
}
