import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** How long a session lasts without a visit. */
export const SESSION_SECONDS = 12 * 3_600;

/**
 * The value of a session cookie: when it ends, and a signature under the token. Nothing is kept on the server: a session
 * survives a restart, is good for every monitor that has the token, and ends for all when the token is changed.
 */
export function createSession(token: string, now: Date): string {
  const ends = Math.floor(now.getTime() / 1_000) + SESSION_SECONDS;
  return `${ends}.${sign(token, ends)}`;
}

/** Seconds that a session still lasts; 0 or less when it is over or was not signed under the token. */
export function sessionSecondsLeft(token: string, value: string, now: Date): number {
  const [ends, signature, ...rest] = value.split('.');
  if (!ends || !signature || rest.length > 0 || !/^\d{1,12}$/.test(ends)) return 0;
  if (!isSame(signature, sign(token, Number(ends)))) return 0;
  return Number(ends) - now.getTime() / 1_000;
}

/** Whether two secrets are the same, in constant time: digests are compared, so that lengths do not show either. */
export function isSame(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

function sign(token: string, ends: number): string {
  return createHmac('sha256', token).update(`plumbline console session until ${ends}`).digest('base64url');
}
