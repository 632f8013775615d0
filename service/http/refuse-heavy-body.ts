import { InvalidRequestError } from '../errors.js';

/** A body this small is parsed as it is: whatever it holds takes a few milliseconds. */
export const SMALL_BYTES = 64 * 1024;
const DEEPEST = 32;
const MOST_FIELDS = 10_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
/** Square and curly brackets differ by this bit. */
const CURLY = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/**
 * Looks through a large body for what no request needs and what costs the parser, and whoever waits behind it, many times
 * a sound body of that size. Linear, no parsing: other errors are left to the parser.
 * @throws InvalidRequestError  in more than 64 KiB: nested deeper than 32 levels, or an object with more than 10,000 fields
 */
export function refuseHeavyBody(body: Buffer): void {
  if (body.length > SMALL_BYTES) createBodyScan(body).advance(body.length);
}

/** A look through a body that can be made bit by bit. */
export interface BodyScan {
  /** Goes on up to byte `to`, or to the end of a string there. @throws InvalidRequestError as `refuseHeavyBody` */
  advance(to: number): void;
  /** Where the brackets are that are opened at level 2, and closed, as in `{"instances":[...]}`. */
  readonly opened: number[];
  readonly closed: number[];
  /** Commas at level 2, at least `PIECE_BYTES` apart: between elements of such an array. */
  readonly commas: number[];
}

const PIECE_BYTES = 2_048;

/** Begins to look through a body. */
export function createBodyScan(body: Buffer): BodyScan {
  /** Fields so far of the object that is open at each depth. */
  const fields = new Uint32Array(DEEPEST + 1);
  let depth = 0;
  let at = 0;
  let piece = 0;
  const scan = { opened: [] as number[], closed: [] as number[], commas: [] as number[] };
  const advance = (to: number): void => {
    for (; at < to && at < body.length; at++) {
      const byte = body[at]!;
      if (byte === QUOTE) at = closingQuote(body, at);
      else if (byte === COMMA) {
        if (depth !== 2 || at - piece < PIECE_BYTES) continue;
        scan.commas.push(at);
        piece = at;
      } else if (byte === COLON) {
        if (++fields[depth]! > MOST_FIELDS) throw tooHeavy(`holds an object with more than ${MOST_FIELDS} fields`);
      } else if ((byte | CURLY) === OPEN) {
        if (++depth > DEEPEST) throw tooHeavy(`nests deeper than ${DEEPEST} levels; a request has 3 at most`);
        if (depth === 2) scan.opened.push(at);
        fields[depth] = 0;
      } else if ((byte | CURLY) === CLOSE && depth > 0) {
        if (depth === 2) scan.closed.push(at);
        depth--;
      }
    }
  };
  return { ...scan, advance };
}

/** Where the string that begins at `start` ends, or the body's length. */
function closingQuote(body: Buffer, start: number): number {
  let at = start + 1;
  for (; at < body.length && body[at] !== QUOTE; at++) if (body[at] === BACKSLASH) at++;
  return at;
}

function tooHeavy(message: string): InvalidRequestError {
  return new InvalidRequestError('wrong_shape', [{ path: '', message }]);
}
