import { isSame, sign } from '../session.js';

/** What a form of the console was made for. */
export interface FormOrigin {
  /** Of the session that it was shown to. */
  sessionId: string;
  /** Path and query that it is sent to. */
  target: string;
  /** `planDigest` of what it says will change. */
  shown: string;
}

/** What a form carries so that nobody else can have made it: no page of elsewhere can know it, whatever cookies come with it. */
export function signForm(token: string, { sessionId, target, shown }: FormOrigin): string {
  return sign(token, `plumbline console form ${JSON.stringify([sessionId, target, shown])}`);
}

/** Whether a form was made by this console for this session, place and plan. */
export function isOwnForm(token: string, origin: FormOrigin, given: string): boolean {
  return isSame(given, signForm(token, origin));
}
