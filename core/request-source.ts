/** What a prediction request says of itself, as it is stored in `predictions.source`; other sources are not requests. */
export type RequestSource = 'live' | 'batch';

/**
 * `X-Plumbline-Source: batch` marks the rows of a request as scored from a file: they are stored, and left out of windows,
 * performance, training sets and rollouts. Without it, or with another value, they are live ones.
 */
export const SOURCE_HEADER = 'x-plumbline-source';

/** Reads the header. */
export function parseRequestSource(header: string | undefined): RequestSource {
  return header === 'batch' ? 'batch' : 'live';
}
