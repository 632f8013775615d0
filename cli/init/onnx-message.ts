import { Field, Reader, Root, Type } from 'protobufjs';

/** An attribute of a node: only what init reads or writes. `ints` are 64 bits wide, to be read with String(). */
export interface OnnxAttribute {
  name: string;
  i?: number;
  ints?: readonly unknown[];
  strings?: readonly Uint8Array[];
  type?: number;
}

/** A node of a graph. */
export interface OnnxNode {
  name?: string;
  opType: string;
  domain?: string;
  input: readonly string[];
  output: readonly string[];
  attribute?: readonly OnnxAttribute[];
}

/** An output of a graph. `type` is as the file has it, or `floatRows`. */
export interface OnnxValue {
  name: string;
  type?: unknown;
}

/** An ONNX file as far as init looks into it; all else is kept as it is when it is encoded again. */
export interface OnnxMessage {
  graph: { node: OnnxNode[]; output: OnnxValue[] };
}

/** Fields of a message: name, number in onnx.proto, type, and `repeated` where there may be many. */
type FieldRow = readonly [name: string, number: number, type: string, rule?: 'repeated'];

const MESSAGES: Readonly<Record<string, readonly FieldRow[]>> = {
  ModelProto: [['graph', 7, 'GraphProto']],
  GraphProto: [
    ['node', 1, 'NodeProto', 'repeated'],
    ['output', 12, 'ValueInfoProto', 'repeated'],
  ],
  NodeProto: [
    ['input', 1, 'string', 'repeated'],
    ['output', 2, 'string', 'repeated'],
    ['name', 3, 'string'],
    ['opType', 4, 'string'],
    ['attribute', 5, 'AttributeProto', 'repeated'],
    ['domain', 7, 'string'],
  ],
  AttributeProto: [
    ['name', 1, 'string'],
    ['i', 3, 'int64'],
    ['ints', 8, 'int64', 'repeated'],
    ['strings', 9, 'bytes', 'repeated'],
    ['type', 20, 'int32'],
  ],
  ValueInfoProto: [
    ['name', 1, 'string'],
    ['type', 2, 'TypeProto'],
  ],
  TypeProto: [['tensorType', 1, 'TensorTypeProto']],
  TensorTypeProto: [
    ['elemType', 1, 'int32'],
    ['shape', 2, 'TensorShapeProto'],
  ],
  TensorShapeProto: [['dim', 1, 'DimensionProto', 'repeated']],
  DimensionProto: [
    ['dimValue', 1, 'int64'],
    ['dimParam', 2, 'string'],
  ],
};

function modelType(): Type {
  const root = new Root();
  for (const [name, fields] of Object.entries(MESSAGES)) {
    const type = new Type(name);
    for (const [field, number, kind, rule] of fields) type.add(new Field(field, number, kind, rule));
    root.add(type);
  }
  return root.lookupType('ModelProto');
}

/** Reads the bytes of an ONNX file. Fields that are not named above are kept for `encodeOnnx`. @throws Error  no such file */
export function decodeOnnx(bytes: Uint8Array): OnnxMessage {
  const reader = Reader.create(bytes);
  reader.discardUnknown = false;
  return modelType().decode(reader) as unknown as OnnxMessage;
}

/** The bytes of an ONNX file that was decoded and changed. */
export function encodeOnnx(model: OnnxMessage): Uint8Array {
  return modelType()
    .encode(model as unknown as Record<string, unknown>)
    .finish();
}

/** The type of a float tensor [rows, columns] (onnx.proto, TypeProto; 1 is FLOAT). */
export function floatRows(columns: number | undefined): unknown {
  const second = columns === undefined ? { dimParam: 'columns' } : { dimValue: columns };
  return { tensorType: { elemType: 1, shape: { dim: [{ dimParam: 'rows' }, second] } } };
}
