import { createHash } from 'node:crypto';

/** A key as its holder has it, and what is stored of it. */
export interface NewKey {
  /** `plk_`, the id, `_`, the secret. Shown once. */
  key: string;
  keyId: string;
  secretHash: Buffer;
}

const ID_BYTES = 8;
const SECRET_BYTES = 32;
const KEY = /^plk_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

/** Makes a key. @param randomBytes  from a generator for secrets */
export function createKey(randomBytes: (bytes: number) => Buffer): NewKey {
  const keyId = randomBytes(ID_BYTES).toString('hex');
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { key: `plk_${keyId}_${secret}`, keyId, secretHash: hashSecret(secret) };
}

/** The parts of a key; undefined where the text is none. */
export function parseKey(text: string): { keyId: string; secret: string } | undefined {
  const match = KEY.exec(text);
  return match ? { keyId: match[1]!, secret: match[2]! } : undefined;
}

/** SHA-256 of the secret part, 32 bytes. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
