import { scanJsonString } from './scan-json-string.js';

const SPACE = /[\t\n\r ]*/y;
const MARK = /[{}[\],:]/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|true(?!\w)|false(?!\w)|null(?!\w)/y;

/** Characters that are searched: about ten milliseconds, in which nobody else is answered. */
const SEARCHED = 100_000;

/**
 * Where a text stops being JSON (RFC 8259) and what is wrong there, such as `line 1 column 12 (position 11): expected a
 * value, found "]"`. For texts that `JSON.parse` refused: engines differ in whether they give a position, and quote the
 * input. An error past the first 100,000 characters is not looked for, and only that is said.
 */
export function locateJsonError(text: string): string {
  const open: ('{' | '[')[] = [];
  let expected: Expectation = 'value';
  let offset = 0;
  for (;;) {
    offset = endOf(SPACE, text, offset)!;
    if (offset > SEARCHED) return `the error is past its first ${SEARCHED} characters`;
    if (text[offset] === '"' && STRING_FITS.has(expected)) {
      const scan = scanJsonString(text, offset);
      if ('problem' in scan) return `${place(text, scan.brokenAt)}: ${scan.problem}`;
      expected = afterString(open, expected);
      offset = scan.end;
      continue;
    }
    const end = endOf(MARK, text, offset) ?? endOf(SCALAR, text, offset);
    const after: Expectation | undefined = end === undefined ? undefined : step(open, expected, text[offset]!);
    if (end === undefined || !after) return describe(text, offset, expected, open.at(-1));
    expected = after;
    offset = end;
  }
}

type Expectation = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or end' | 'end';

const STRING_FITS = new Set<Expectation>(['value', 'value or ]', 'key', 'key or }']);

function afterValue(open: readonly string[]): Expectation {
  return open.length === 0 ? 'end' : 'comma or end';
}

function afterString(open: readonly string[], expected: Expectation): Expectation {
  return expected === 'key' || expected === 'key or }' ? 'colon' : afterValue(open);
}

/** The expectation after a mark or scalar, given its first character, or undefined where it does not fit. */
function step(open: ('{' | '[')[], expected: Expectation, first: string): Expectation | undefined {
  const wantsValue = expected === 'value' || expected === 'value or ]';
  if (first === '{' || first === '[') {
    if (!wantsValue) return undefined;
    open.push(first);
    return first === '{' ? 'key or }' : 'value or ]';
  }
  if (first === ':') return expected === 'colon' ? 'value' : undefined;
  if (first === ',') return expected !== 'comma or end' ? undefined : open.at(-1) === '{' ? 'key' : 'value';
  if (first !== '}' && first !== ']') return wantsValue ? afterValue(open) : undefined;
  const closes = first === '}' ? '{' : '[';
  const allowed = expected === 'comma or end' || expected === (first === '}' ? 'key or }' : 'value or ]');
  if (!allowed || open.at(-1) !== closes) return undefined;
  open.pop();
  return afterValue(open);
}

function describe(text: string, offset: number, expected: Expectation, inside: '{' | '[' | undefined): string {
  const wanted: Record<Expectation, string> = {
    value: 'a value',
    'value or ]': 'a value or ]',
    key: 'a field name in double quotes',
    'key or }': 'a field name in double quotes or }',
    colon: '":"',
    'comma or end': inside === '{' ? '"," or }' : '"," or ]',
    end: 'nothing more',
  };
  const found = offset >= text.length ? 'the text ends' : `found ${JSON.stringify(text.slice(offset, offset + 1))}`;
  return `${place(text, offset)}: expected ${wanted[expected]}, ${found}`;
}

function place(text: string, offset: number): string {
  const before = text.slice(0, offset);
  return `line ${before.split('\n').length} column ${offset - before.lastIndexOf('\n')} (position ${offset})`;
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
