import { type SumsLayout, UNITS_PER_SHARE, unitsPerAmount } from './layout.js';

/** Adds an amount to a slot of some sums. */
export type Add = (slot: number, amount: number) => void;

/**
 * Sums that add and subtract exactly: every amount is rounded to the slot's unit first and then counted in whole units, so
 * that the order of additions, and what was added and taken away again in between, leave no trace.
 */
export interface ExactSums {
  add: Add;
  /** Takes away what `add` with the same amount added. */
  subtract: Add;
  /** Whole units by slot; slots that are zero are left out. */
  units(): Map<number, bigint>;
}

/** Makes empty sums. */
export function createExactSums(layout: SumsLayout): ExactSums {
  const units = new Map<number, bigint>();
  const change = (slot: number, amount: number, sign: bigint): void => {
    const whole = BigInt(Math.round(amount * unitsPerAmount(layout, slot)));
    const sum = (units.get(slot) ?? 0n) + sign * whole;
    if (sum === 0n) units.delete(slot);
    else units.set(slot, sum);
  };
  return {
    add: (slot, amount) => change(slot, amount, 1n),
    subtract: (slot, amount) => change(slot, amount, -1n),
    units: () => units,
  };
}

/** Makes an `Add` into an array of whole share units, for sums without moments and of at most nine million rows a slot. */
export function addInto(units: Float64Array): Add {
  return (slot, amount) => {
    units[slot]! += Math.round(amount * UNITS_PER_SHARE);
  };
}

/** Amounts by slot, from whole units as text or number. */
export function toAmounts(layout: SumsLayout, units: ArrayLike<number | string>): Float64Array {
  return Float64Array.from(units, (whole, slot) => Number(whole) / unitsPerAmount(layout, slot));
}
