import type { InSlices } from '../../core/in-slices.js';
import { createBodyScan } from './refuse-heavy-body.js';

/** Bytes that count as a row to `eachSlice`. */
const SCANNED_BYTES = 2_048;
/** One field, whose value is an array: `{"instances":[`. A name with a backslash is left to the parser of the whole. */
const HEAD = /^[ \t\n\r]*\{[ \t\n\r]*"([^"\\]*)"[ \t\n\r]*:[ \t\n\r]*\[$/;
const TAIL = /^\][ \t\n\r]*\}[ \t\n\r]*$/;
const LONGEST_ENDS = 1_024;

/**
 * Parses `{"name": [element, …]}` a slice at a time: `JSON.parse` of 10,000 rows would hold up everybody else for tens of
 * milliseconds. The body is cut at commas between elements, so that each piece is an array of elements without its brackets.
 * @param body  UTF-8
 * @returns what `JSON.parse` gives; undefined where the body has another form or is no JSON, for the parser of the whole to say
 * @throws InvalidRequestError as `refuseHeavyBody`
 */
export async function parseInSlices(body: Buffer, eachSlice: InSlices): Promise<unknown> {
  const scan = createBodyScan(body);
  await eachSlice(Math.ceil(body.length / SCANNED_BYTES), (_, end) => scan.advance(end * SCANNED_BYTES));
  const [open] = scan.opened;
  const [close] = scan.closed;
  if (open === undefined || close === undefined || scan.opened.length > 1 || scan.closed.length > 1) return undefined;
  if (open >= LONGEST_ENDS || body.length - close > LONGEST_ENDS) return undefined;
  const name = HEAD.exec(body.toString('utf8', 0, open + 1))?.[1];
  if (name === undefined || !TAIL.test(body.toString('utf8', close))) return undefined;
  const ends = [...scan.commas, close];
  const elements: unknown[] = [];
  let sound = true;
  await eachSlice(ends.length, (first, last) => {
    for (let i = first; i < last && sound; i++) {
      const piece = parsePiece(body.toString('utf8', (ends[i - 1] ?? open) + 1, ends[i]));
      sound = piece !== undefined;
      for (const element of piece ?? []) elements.push(element);
    }
  });
  return sound ? { [name]: elements } : undefined;
}

/** The elements of a piece; undefined where there are none, as after a comma too many. */
function parsePiece(text: string): unknown[] | undefined {
  try {
    const elements = JSON.parse(`[${text}]`) as unknown[];
    return elements.length > 0 ? elements : undefined;
  } catch {
    return undefined;
  }
}
