const TOKEN =
  /[\t\n\r ]*(?:([{}[\],:])|("[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\uffff]*)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|true(?!\w)|false(?!\w)|null(?!\w)))/y;

/**
 * Where a text stops being JSON (RFC 8259) and what was expected there, such as `line 1 column 12: expected a value`.
 * For texts that `JSON.parse` refused: engines differ in whether they give a position, and quote the input.
 */
export function locateJsonError(text: string): string {
  const open: ('{' | '[')[] = [];
  let expected: Expectation = 'value';
  let offset = 0;
  for (;;) {
    TOKEN.lastIndex = offset;
    const match: RegExpExecArray | null = TOKEN.exec(text);
    const after: Expectation | undefined = match ? step(open, expected, match) : undefined;
    if (!match || !after) return describe(text, offset, expected, open.at(-1));
    expected = after;
    offset = TOKEN.lastIndex;
  }
}

type Expectation = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or end' | 'end';

/** The expectation after a token, or undefined where the token does not fit. */
function step(open: ('{' | '[')[], expected: Expectation, match: RegExpExecArray): Expectation | undefined {
  const [, mark, string, scalar] = match;
  const wantsValue = expected === 'value' || expected === 'value or ]';
  const afterValue = (): Expectation => (open.length === 0 ? 'end' : 'comma or end');
  if (string !== undefined && (expected === 'key' || expected === 'key or }')) return 'colon';
  if (string !== undefined || scalar !== undefined) return wantsValue ? afterValue() : undefined;
  if (mark === '{' || mark === '[') {
    if (!wantsValue) return undefined;
    open.push(mark);
    return mark === '{' ? 'key or }' : 'value or ]';
  }
  if (mark === ':') return expected === 'colon' ? 'value' : undefined;
  if (mark === ',') return expected !== 'comma or end' ? undefined : open.at(-1) === '{' ? 'key' : 'value';
  const closes = mark === '}' ? '{' : '[';
  const allowed = expected === 'comma or end' || expected === (mark === '}' ? 'key or }' : 'value or ]');
  if (!allowed || open.at(-1) !== closes) return undefined;
  open.pop();
  return afterValue();
}

function describe(text: string, tokenStart: number, expected: Expectation, inside: '{' | '[' | undefined): string {
  const offset = tokenStart + (/^[\t\n\r ]*/.exec(text.slice(tokenStart))?.[0].length ?? 0);
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
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
  return `line ${line} column ${column} (position ${offset}): expected ${wanted[expected]}, ${found}`;
}
