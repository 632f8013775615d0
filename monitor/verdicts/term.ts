/** A stretch of time in which a version was champion, as far as it is not decided. Times are seconds since 1970. */
export interface Term {
  /** End of the last decided window, or the start of the bucket in which the term began; undefined before any. */
  from: number | undefined;
  until: number;
  /** No rows come any more: windows after the last bucket would be empty for ever. */
  over: boolean;
  /** When the version returned for this term; only windows that end later are its past. */
  since: number | undefined;
}

/**
 * The terms of a version with time that is not decided yet, oldest first: the one it is in or was in last, and before
 * it what is left of an earlier one. Its absence between them is in neither.
 */
export function undecidedTerms(options: {
  returnedAt: number | undefined;
  bucketSeconds: number;
  decidedUntil: number | undefined;
  closedUntil: number;
  isChampion: boolean;
}): Term[] {
  const { returnedAt, bucketSeconds, decidedUntil, closedUntil } = options;
  const last: Term = { from: decidedUntil, until: closedUntil, over: !options.isChampion, since: returnedAt };
  if (returnedAt === undefined) return [last];
  const begin = Math.floor(returnedAt / bucketSeconds) * bucketSeconds;
  if (decidedUntil !== undefined && decidedUntil >= begin) return [last];
  const earlier: Term = { from: decidedUntil, until: Math.min(begin, closedUntil), over: true, since: undefined };
  return [earlier, { ...last, from: begin }];
}
