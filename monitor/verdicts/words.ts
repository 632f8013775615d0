/** Three significant digits. */
export function three(value: number): string {
  return value.toPrecision(3);
}

/** A whole number with thousands separated. */
export function integer(value: number): string {
  return value.toLocaleString('en-US');
}

/** A share in per cent with up to two decimals, never rounded up to 100 from below. */
export function percent(share: number): string {
  return `${Math.floor(share * 10_000 + 1e-6) / 100} %`;
}

/** A difference of shares in points, with its sign and one decimal. */
export function points(difference: number): string {
  return `${difference >= 0 ? '+' : ''}${(difference * 100).toFixed(1)}`;
}
