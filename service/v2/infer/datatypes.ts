/** How the elements of a datatype are written: its size in a binary tensor and which JSON values fit. */
interface DatatypeInfo {
  /** Bytes of an element; undefined for BYTES, whose elements say their own length. */
  bytes: number | undefined;
  kind: 'boolean' | 'integer' | 'float' | 'text';
  /** The integers that fit, both included. */
  range?: [number, number];
}

const integer = (bits: number, signed: boolean): DatatypeInfo => {
  const span = 2 ** bits;
  const limit = Number.MAX_SAFE_INTEGER;
  const [low, high] = signed ? [-span / 2, span / 2 - 1] : [0, span - 1];
  return { bytes: bits / 8, kind: 'integer', range: [Math.max(low, -limit), Math.min(high, limit)] };
};

/** The datatypes that are read. Integers of 64 bits beyond 2^53 - 1 are not exact in JSON, so only binary tensors take them. */
export const DATATYPES = {
  BOOL: { bytes: 1, kind: 'boolean' },
  UINT8: integer(8, false),
  UINT16: integer(16, false),
  UINT32: integer(32, false),
  UINT64: integer(64, false),
  INT8: integer(8, true),
  INT16: integer(16, true),
  INT32: integer(32, true),
  INT64: integer(64, true),
  FP16: { bytes: 2, kind: 'float' },
  FP32: { bytes: 4, kind: 'float' },
  FP64: { bytes: 8, kind: 'float' },
  BYTES: { bytes: undefined, kind: 'text' },
} as const satisfies Record<string, DatatypeInfo>;

/** The name of a datatype. */
export type Datatype = keyof typeof DATATYPES;

/** What is known of a datatype. */
export function datatypeInfo(datatype: Datatype): DatatypeInfo {
  return DATATYPES[datatype];
}

/** Whether a value names a datatype that is read. */
export function isDatatype(value: unknown): value is Datatype {
  return typeof value === 'string' && Object.hasOwn(DATATYPES, value);
}
