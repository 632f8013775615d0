import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** How long a session lasts without a visit. */
export const SESSION_SECONDS = 12 * 3_600;

/** A browser that signed in. */
export interface Session {
  /** Stays the same while the session is renewed; tells sessions apart in the audit trail, and opens nothing. */
  id: string;
  /** Above 0. */
  secondsLeft: number;
}

/** An id of 12 characters for a new session. */
export function newSessionId(): string {
  return randomBytes(9).toString('base64url');
}

/**
 * The value of a session cookie: when it ends, its id, and a signature under the token. Nothing is kept on the server: a session
 * survives a restart, is good for every monitor that has the token, and ends for all when the token is changed.
 */
export function createSession(token: string, now: Date, id: string): string {
  const ends = Math.floor(now.getTime() / 1_000) + SESSION_SECONDS;
  return `${ends}.${id}.${signSession(token, ends, id)}`;
}

/** The session of a cookie; undefined when it is over or was not signed under the token. */
export function readSession(token: string, value: string, now: Date): Session | undefined {
  const [ends, id, signature, ...rest] = value.split('.');
  if (!ends || !id || !signature || rest.length > 0 || !/^\d{1,12}$/.test(ends)) return undefined;
  if (!isSame(signature, signSession(token, Number(ends), id))) return undefined;
  const secondsLeft = Number(ends) - now.getTime() / 1_000;
  return secondsLeft > 0 ? { id, secondsLeft } : undefined;
}

/** Whether two secrets are the same, in constant time: digests are compared, so that lengths do not show either. */
export function isSame(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

/** A signature under the token; `what` begins with words of its own for each use, so that none stands for another. */
export function sign(token: string, what: string): string {
  return createHmac('sha256', token).update(what).digest('base64url');
}

function signSession(token: string, ends: number, id: string): string {
  return sign(token, `plumbline console session ${id} until ${ends}`);
}
