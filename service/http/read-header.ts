import type { IncomingMessage } from 'node:http';

/**
 * The value of a header as `request.headers` has it, without making that object of all of them, which costs more than
 * all else that is done with headers. Repeated headers are joined by a comma and a space, as there.
 * @param name  in lower case; none of those that Node joins in another way or takes once only (RFC 9110, section 5.3)
 */
export function readHeader({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>, name: string): string | undefined {
  let value: string | undefined;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const given = rawHeaders[i]!;
    if (given.length !== name.length || (given !== name && given.toLowerCase() !== name)) continue;
    value = value === undefined ? rawHeaders[i + 1]! : `${value}, ${rawHeaders[i + 1]!}`;
  }
  return value;
}
