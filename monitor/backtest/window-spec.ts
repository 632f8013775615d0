import type { WindowSpec } from '../../core/manifest/monitoring-schema.js';

const MINUTES: Record<string, number> = { m: 1, h: 60, d: 1_440 };

/** Reads the length of a window: "500" is rows, "90m", "6h" and "1d" are times. @throws Error that says what to write */
export function parseWindowSpec(text: string): WindowSpec {
  const [, digits, unit] = /^(\d+)([mhd]?)$/.exec(text) ?? [];
  const length = Number(digits);
  if (!(length > 0)) {
    throw new Error(`--window "${text}" is no length: write rows such as 500, or a time such as 90m, 6h or 1d`, {
      cause: 'options',
    });
  }
  return unit ? { minutes: length * MINUTES[unit]! } : { rows: length };
}
