/** A figure to reach, and what was measured. */
export interface Figure {
  what: string;
  wanted: string;
  /** Undefined when something it needs was not measured. */
  measured: number | undefined;
  /**
   * The same from CPU time: what it would be if each server had its core to itself and waited for nothing. Undefined
   * where CPU time says nothing.
   */
  byCpu?: number | undefined;
  /** What a server at the composed floor would reach, from CPU time: more than this nobody can. Ratios to peers only. */
  atFloor?: number | undefined;
  /** Follows each number. */
  unit: string;
  met: boolean | undefined;
}

/** A figure without its judgement. */
export interface Wanted extends Omit<Figure, 'wanted' | 'met'> {
  wanted: number;
}

/** A figure that is met from `wanted` up. */
export function atLeast({ wanted, ...rest }: Wanted): Figure {
  const met = rest.measured === undefined ? undefined : rest.measured >= wanted;
  return { ...rest, wanted: `≥ ${wanted.toLocaleString('en-US')} ${rest.unit}`, met };
}

/** A figure that is met up to `wanted`. */
export function atMost({ wanted, ...rest }: Wanted): Figure {
  const met = rest.measured === undefined ? undefined : rest.measured <= wanted;
  return { ...rest, wanted: `≤ ${wanted.toLocaleString('en-US')} ${rest.unit}`, met };
}
