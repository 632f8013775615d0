const LENGTH_BYTES = 4;

/** Texts as a binary BYTES tensor: each its length in four little-endian bytes, then its UTF-8. */
export function textBytes(texts: string[]): Buffer {
  let size = 0;
  for (const text of texts) size += LENGTH_BYTES + Buffer.byteLength(text);
  const bytes = Buffer.alloc(size);
  let offset = 0;
  for (const text of texts) {
    const length = bytes.write(text, offset + LENGTH_BYTES);
    bytes.writeUInt32LE(length, offset);
    offset += LENGTH_BYTES + length;
  }
  return bytes;
}
