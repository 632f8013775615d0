import { Field, Root, Type } from 'protobufjs';

/** Fields of a message: name, number in onnx.proto, type, and `repeated` where there may be many. */
type FieldRow = readonly [name: string, number: number, type: string, rule?: 'repeated'];

/** The ONNX messages that are written or looked into, with the field numbers of onnx.proto (IR version 10). */
const MESSAGES: Readonly<Record<string, readonly FieldRow[]>> = {
  ModelProto: [
    ['irVersion', 1, 'int64'],
    ['producerName', 2, 'string'],
    ['producerVersion', 3, 'string'],
    ['domain', 4, 'string'],
    ['modelVersion', 5, 'int64'],
    ['docString', 6, 'string'],
    ['graph', 7, 'GraphProto'],
    ['opsetImport', 8, 'OperatorSetIdProto', 'repeated'],
    ['metadataProps', 14, 'StringStringEntryProto', 'repeated'],
  ],
  OperatorSetIdProto: [
    ['domain', 1, 'string'],
    ['version', 2, 'int64'],
  ],
  StringStringEntryProto: [
    ['key', 1, 'string'],
    ['value', 2, 'string'],
  ],
  GraphProto: [
    ['node', 1, 'NodeProto', 'repeated'],
    ['name', 2, 'string'],
    ['initializer', 5, 'TensorProto', 'repeated'],
    ['docString', 10, 'string'],
    ['input', 11, 'ValueInfoProto', 'repeated'],
    ['output', 12, 'ValueInfoProto', 'repeated'],
  ],
  NodeProto: [
    ['input', 1, 'string', 'repeated'],
    ['output', 2, 'string', 'repeated'],
    ['name', 3, 'string'],
    ['opType', 4, 'string'],
    ['attribute', 5, 'AttributeProto', 'repeated'],
    ['docString', 6, 'string'],
    ['domain', 7, 'string'],
  ],
  AttributeProto: [
    ['name', 1, 'string'],
    ['f', 2, 'float'],
    ['i', 3, 'int64'],
    ['s', 4, 'bytes'],
    ['t', 5, 'TensorProto'],
    ['floats', 7, 'float', 'repeated'],
    ['ints', 8, 'int64', 'repeated'],
    ['strings', 9, 'bytes', 'repeated'],
    ['type', 20, 'int32'],
  ],
  TensorProto: [
    ['dims', 1, 'int64', 'repeated'],
    ['dataType', 2, 'int32'],
    ['name', 8, 'string'],
    ['rawData', 9, 'bytes'],
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

const NUMERIC_TYPES = new Set(['float', 'int64', 'int32']);

/**
 * How lists of numbers are written: `packed`, one length and then the numbers, or `unpacked`, a key before each number, as
 * onnx.proto has it. Both are read, here and by whatever reads protocol buffers.
 */
export type NumberLists = 'packed' | 'unpacked';

/** The type of a whole ONNX file, made of the messages above. */
export function modelType(numberLists: NumberLists): Type {
  const root = new Root();
  for (const [name, fields] of Object.entries(MESSAGES)) {
    const type = new Type(name);
    for (const [field, number, kind, rule] of fields) {
      const packed = numberLists === 'packed' && rule === 'repeated' && NUMERIC_TYPES.has(kind);
      type.add(new Field(field, number, kind, rule, undefined, packed ? { packed } : undefined));
    }
    root.add(type);
  }
  return root.lookupType('ModelProto');
}
