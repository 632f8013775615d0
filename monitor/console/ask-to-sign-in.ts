import type { Request, Response } from 'express';

/** The page to go back to: a path of this console, whatever was asked for. */
export function returnPath(value: unknown): string {
  return typeof value === 'string' && /^\/(?![/\\])[\w\-./?=&%:+~]*$/.test(value) ? value : '/';
}

/** Sends a visitor without a session to the form, and from there back. */
export function askToSignIn(request: Request, response: Response): void {
  const back = returnPath(request.originalUrl);
  response.redirect(303, back === '/' ? '/sign-in' : `/sign-in?return=${encodeURIComponent(back)}`);
}
