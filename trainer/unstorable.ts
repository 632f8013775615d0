/**
 * Finds, in the output of `JSON.stringify`, what Postgres refuses in jsonb: NUL and unpaired surrogates, which are written as
 * escapes there. The same letters after an escaped backslash are plain text.
 */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** Whether Postgres cannot store a value as jsonb. */
export function isUnstorable(value: unknown): boolean {
  return UNSTORABLE.test(JSON.stringify(value));
}
