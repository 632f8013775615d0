import type { RequestSource } from '../../core/request-source.js';

/** Who asks, as far as it decides who answers. */
export interface Caller {
  request: { headers: Record<string, string | string[] | undefined> };
  requestId: string;
  /** Rows of a file are all answered by the champion. */
  source: RequestSource;
}

/** Callers that send the same value are answered by the same version for as long as the canary's share stays what it is. */
export const STICKY_HEADER = 'x-sticky-key';

/**
 * Whether a caller is among the share that a canary answers: by its `X-Sticky-Key`, else by its request id, which spreads
 * requests at random. The version is part of what is hashed, so that it is not always the same callers who try a new one.
 */
export function isChosen(caller: Caller, canary: { name: string; version: number; share: number }): boolean {
  if (caller.source === 'batch') return false;
  const sent = caller.request.headers[STICKY_HEADER];
  const key = typeof sent === 'string' && sent !== '' ? sent : caller.requestId;
  return hash(`${canary.name} ${canary.version} ${key}`) < canary.share;
}

/** A number in [0, 1) from a text: FNV-1a of its UTF-16 units, then the finaliser of MurmurHash3, which spreads short texts. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}
