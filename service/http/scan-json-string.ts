/** Where a string of JSON ends, or where it stops being one and why. */
export type StringScan = { end: number } | { brokenAt: number; problem: string };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const BEGUN_ESCAPE = /\\(?:u[0-9a-fA-F]{0,3})?/y;

/**
 * Reads the string (RFC 8259, section 7) whose opening quote is at `start`, in time linear in its length.
 * `end` is the position after its closing quote.
 */
export function scanJsonString(text: string, start: number): StringScan {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return { end: at + 1 };
    if (code < FIRST_PRINTABLE) {
      const written = JSON.stringify(text[at]).slice(1, -1);
      return { brokenAt: at, problem: `a control character stands in a string; write it as ${written}` };
    }
    if (code !== BACKSLASH) continue;
    const end = endOf(ESCAPE, text, at);
    if (end === undefined) return scanBadEscape(text, start, at);
    at = end - 1;
  }
  return neverClosed(start);
}

/** An escape that the end of the text cuts off is no bad one. */
function scanBadEscape(text: string, start: number, at: number): StringScan {
  const end = endOf(BEGUN_ESCAPE, text, at)!;
  if (end === text.length) return neverClosed(start);
  const problem = `${text.slice(at, end)} followed by ${JSON.stringify(text[end])} is no escape of JSON`;
  return { brokenAt: at, problem: `${problem}; a backslash itself is written \\\\` };
}

function neverClosed(start: number): StringScan {
  return { brokenAt: start, problem: 'the string that begins here is never closed' };
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
