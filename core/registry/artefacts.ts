import { createHash } from 'node:crypto';
import type { Queryable } from '../postgres/pool.js';

/** Content address of a file: `sha256:` and 64 hex digits. */
export function digestOf(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** Stores a file once and returns its digest. */
export async function putArtefact(db: Queryable, content: Uint8Array): Promise<string> {
  const digest = digestOf(content);
  await db.query(
    'insert into artefacts (digest, size_bytes, content) values ($1, $2, $3) on conflict (digest) do nothing',
    [digest, content.byteLength, content],
  );
  return digest;
}

/** Reads a file back. @throws Error when it is absent or its content no longer has its digest */
export async function getArtefact(db: Queryable, digest: string): Promise<Buffer> {
  const { rows } = await db.query<{ content: Buffer }>('select content from artefacts where digest = $1', [digest]);
  const content = rows[0]?.content;
  if (!content) throw new Error(`artefact ${digest} is not in the store`);
  if (digestOf(content) !== digest)
    throw new Error(`artefact ${digest} is damaged: its content has digest ${digestOf(content)}`);
  return content;
}
