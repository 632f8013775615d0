/** Reads a little-endian IEEE 754 binary16: 1 bit of sign, 5 of exponent (bias 15), 10 of fraction. */
export function readFloat16(bytes: Buffer, offset: number): number {
  const bits = bytes.readUInt16LE(offset);
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1_024) * 2 ** (exponent - 15);
}
