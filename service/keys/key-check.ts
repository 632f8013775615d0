import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { hashSecret, parseKey } from '../../core/keys/format.js';
import type { ActiveKey } from '../../core/keys/stored.js';
import { ModelNotReadyError, UnauthorisedError } from '../errors.js';

/** Lets in who has an API key. Keys are held in memory: a request costs a hash and no query. */
export interface KeyCheck {
  /** Whether the keys are known. */
  isReady(): boolean;
  /** Puts these keys in place of those before. */
  set(keys: ActiveKey[]): void;
  /** @throws UnauthorisedError without a key that is in force; ModelNotReadyError before the keys are known */
  assertKey(request: Pick<IncomingMessage, 'headers'>): void;
}

/** Compared with where the id is unknown, so that an unknown id takes as long as a wrong secret. */
const NO_HASH = Buffer.alloc(32);

/** Creates a check that knows no keys yet. @param now  milliseconds since 1970 */
export function createKeyCheck({ now }: { now: () => number }): KeyCheck {
  let known: Map<string, ActiveKey> | undefined;
  return {
    isReady: () => known !== undefined,
    set: (keys) => {
      known = new Map(keys.map((key) => [key.keyId, key]));
    },
    assertKey: ({ headers }) => {
      if (!known) throw new ModelNotReadyError('the API keys are not loaded yet; try again a little later');
      const given = readKey(headers);
      if (given === undefined) throw new UnauthorisedError('no API key came with the request');
      const parts = parseKey(given);
      if (!parts) throw new UnauthorisedError('the API key has not the form of one');
      const key = known.get(parts.keyId);
      const same = timingSafeEqual(hashSecret(parts.secret), key?.secretHash ?? NO_HASH);
      if (!key || !same) throw new UnauthorisedError('the API key is unknown or was revoked');
      if (key.expiresAt && key.expiresAt.getTime() <= now()) throw new UnauthorisedError('the API key has expired');
    },
  };
}

/** The key of `x-api-key`, or else of `Authorization: Bearer`. */
function readKey(headers: IncomingMessage['headers']): string | undefined {
  const own = headers['x-api-key'];
  if (typeof own === 'string') return own.trim();
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
}
