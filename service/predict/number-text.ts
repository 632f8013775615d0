/**
 * Numbers [start, end) as JSON writes them, separated by commas. Half the cost of putting them together one by one, as
 * `JSON.stringify` writes an array in one piece.
 */
export function numberText(from: Float64Array | Float32Array, start: number, end: number): string {
  const numbers: number[] = [];
  for (let i = start; i < end; i++) numbers.push(from[i]!);
  return JSON.stringify(numbers).slice(1, -1);
}
