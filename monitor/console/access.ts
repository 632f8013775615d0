import type { Request, RequestHandler, Response } from 'express';
import { askToSignIn } from './ask-to-sign-in.js';
import type { Attempt } from './attempts.js';
import { createSession, newSessionId, readSession, SESSION_SECONDS, type Session } from './session.js';

/** Who may see rows and reports: those who have the token. */
export interface Access {
  token: string;
  attempt: (given: string) => Promise<Attempt>;
  clock: () => Date;
}

const COOKIE = 'plumbline_session';

/**
 * Sets the session cookie: not for scripts, over TLS only where the page came over TLS. From other sites it comes with links that
 * are followed (Grafana's lead here), never with forms or what a page loads.
 */
export function beginSession(request: Request, response: Response, access: Access, id = newSessionId()): void {
  response.cookie(COOKIE, createSession(access.token, access.clock(), id), {
    ...cookieOptions(request),
    maxAge: SESSION_SECONDS * 1_000,
  });
}

/** Has the browser forget its session. */
export function endSession(request: Request, response: Response): void {
  response.clearCookie(COOKIE, cookieOptions(request));
}

function cookieOptions(request: Request): { httpOnly: true; sameSite: 'lax'; secure: boolean; path: string } {
  const secure = request.secure || request.headers['x-forwarded-proto'] === 'https';
  return { httpOnly: true, sameSite: 'lax', secure, path: '/' };
}

/** The session of a request, or undefined; one that is half over is renewed. */
export function sessionOf(request: Request, response: Response, access: Access): Session | undefined {
  const value = cookieOf(request.headers.cookie ?? '');
  const session = value === undefined ? undefined : readSession(access.token, value, access.clock());
  if (session && session.secondsLeft < SESSION_SECONDS / 2) beginSession(request, response, access, session.id);
  return session;
}

function cookieOf(header: string): string | undefined {
  const pairs = header.split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === COOKIE)?.[1];
}

/**
 * Lets requests with a session pass, and those with the token as `Authorization: Bearer`. A browser is asked to sign in, others are
 * `refuse`d.
 */
export function requireAccess(
  access: Access | undefined,
  refuse: (response: Response, status: 401 | 403 | 429, detail: string) => void,
): RequestHandler {
  return async (request, response, next) => {
    if (!access) {
      refuse(
        response,
        403,
        'this is closed: set MONITOR_CONSOLE_TOKEN for the monitor, then send it as a bearer token',
      );
      return;
    }
    if (sessionOf(request, response, access)) return next();
    if (isVisit(request)) return askToSignIn(request, response);
    const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const attempt = given === undefined ? 'wrong' : await access.attempt(given);
    if (attempt === 'right') return next();
    if (attempt === 'too-many') {
      refuse(response, 429, 'too many wrong tokens; try again in a second');
      return;
    }
    response.set('WWW-Authenticate', 'Bearer');
    refuse(response, 401, 'send MONITOR_CONSOLE_TOKEN as "Authorization: Bearer TOKEN", or sign in to the console');
  };
}

/** Whether a browser follows a link: only browsers would rather have a page than JSON. */
function isVisit({ method, headers }: Request): boolean {
  return method === 'GET' && headers.authorization === undefined && /\btext\/html\b/.test(headers.accept ?? '');
}

/**
 * Whether a form was sent by a page of this very origin. The cookie never comes with another site's form; this also keeps
 * other ports of the same host out, which share its cookies.
 */
export function isSameOrigin(request: Request): boolean {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
