import { Reader } from 'protobufjs';
import { modelType, type NumberLists } from './messages.js';

/** An attribute of a node: only what is read or changed of a file. `ints` are 64 bits wide, to be read with String(). */
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

/** An output of a graph. `type` is a TypeProto, as the file has it or made anew. */
export interface OnnxValue {
  name: string;
  type?: unknown;
}

/** An ONNX file as far as its graph is changed; all else is kept as it is when it is encoded again. */
export interface OnnxModel {
  graph: { node: OnnxNode[]; output: OnnxValue[] };
}

/** Reads the bytes of an ONNX file. Fields that `messages.ts` does not name are kept for `encodeOnnx`. @throws Error  no such file */
export function decodeOnnx(bytes: Uint8Array): OnnxModel {
  const reader = Reader.create(bytes);
  reader.discardUnknown = false;
  return modelType('unpacked').decode(reader) as unknown as OnnxModel;
}

/**
 * The bytes of an ONNX file: of one that was decoded, or of plain objects with the field names of `messages.ts`. Fields stand
 * in the order of their numbers, those that `messages.ts` does not name at the end of their message.
 */
export function encodeOnnx(model: OnnxModel | Readonly<Record<string, unknown>>, numberLists: NumberLists): Uint8Array {
  return modelType(numberLists)
    .encode(model as Record<string, unknown>)
    .finish();
}
