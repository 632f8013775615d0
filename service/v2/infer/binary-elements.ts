import { isUtf8 } from 'node:buffer';
import { type Datatype, datatypeInfo } from './datatypes.js';
import { readFloat16 } from './float16.js';
import { shortestFloat32 } from './shortest-float32.js';
import { type Element, inputError } from './tensor.js';

/** Reads a tensor out of its little-endian bytes; `size` is the product of the shape. @throws InvalidRequestError */
export function binaryElements(
  name: string,
  datatype: Datatype,
  shape: number[],
  size: number,
  bytes: Buffer,
): (index: number) => Element {
  const width = datatypeInfo(datatype).bytes;
  if (width === undefined) return textElements(name, size, bytes);
  if (bytes.length !== size * width) {
    const wanted = `its shape [${shape.join(', ')}] of ${datatype} wants ${size * width}`;
    throw inputError(name, `has ${bytes.length} bytes, ${wanted}`);
  }
  const read = READERS[datatype as Exclude<Datatype, 'BYTES'>];
  return (index) => {
    const value = read(bytes, index * width);
    if (typeof value !== 'bigint') return value;
    if (BigInt(Number(value)) === value) return Number(value);
    throw inputError(name, `has ${value} at ${index}, which a feature cannot hold exactly`, 'wrong_type');
  };
}

type Reader = (bytes: Buffer, offset: number) => number | bigint | boolean;

const READERS: Record<Exclude<Datatype, 'BYTES'>, Reader> = {
  BOOL: (bytes, offset) => bytes[offset] !== 0,
  UINT8: (bytes, offset) => bytes.readUInt8(offset),
  UINT16: (bytes, offset) => bytes.readUInt16LE(offset),
  UINT32: (bytes, offset) => bytes.readUInt32LE(offset),
  UINT64: (bytes, offset) => bytes.readBigUInt64LE(offset),
  INT8: (bytes, offset) => bytes.readInt8(offset),
  INT16: (bytes, offset) => bytes.readInt16LE(offset),
  INT32: (bytes, offset) => bytes.readInt32LE(offset),
  INT64: (bytes, offset) => bytes.readBigInt64LE(offset),
  FP16: readFloat16,
  FP32: (bytes, offset) => shortestFloat32(bytes.readFloatLE(offset)),
  FP64: (bytes, offset) => bytes.readDoubleLE(offset),
};

const LENGTH_BYTES = 4;

/** BYTES: each element is its length in four bytes, then as many bytes of UTF-8. */
function textElements(name: string, size: number, bytes: Buffer): (index: number) => Element {
  const texts: Buffer[] = [];
  let offset = 0;
  while (offset + LENGTH_BYTES <= bytes.length && texts.length < size) {
    const end = offset + LENGTH_BYTES + bytes.readUInt32LE(offset);
    if (end > bytes.length) break;
    texts.push(bytes.subarray(offset + LENGTH_BYTES, end));
    offset = end;
  }
  if (texts.length !== size || offset !== bytes.length) {
    throw inputError(name, `has ${texts.length} whole elements in ${bytes.length} bytes, its shape wants ${size}`);
  }
  return (index) => {
    const text = texts[index]!;
    if (!isUtf8(text)) throw inputError(name, `has bytes at ${index} that are not UTF-8 text`, 'wrong_type');
    return text.toString('utf8');
  };
}
