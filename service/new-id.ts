import { v7, validate, version } from 'uuid';

/** Makes a UUID v7: ascending within the process, its first 48 bits the time in milliseconds (RFC 9562). */
export function newId(): string {
  return v7();
}

/** The time that a UUID v7 holds, in milliseconds since 1970. */
export function idMilliseconds(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** Whether a value is a UUID v7, in any letter case. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && validate(value) && version(value) === 7;
}
