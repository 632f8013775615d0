import type { RawAnswers } from './run-model.js';

/**
 * The labels of a model that does not list them, in the order of its scores: that which it answers where a score is the
 * largest. Undefined where it answers with too few of them to tell, or otherwise than by the largest score.
 */
export function observedLabels({ labels, scores, width, rows }: RawAnswers): string[] | undefined {
  if (!labels || !scores || width < 2) return undefined;
  const found: (string | undefined)[] = new Array(width).fill(undefined);
  for (let row = 0; row < rows; row++) {
    const own: Float32Array = scores.subarray(row * width, (row + 1) * width);
    const largest = own.indexOf(Math.max(...own));
    found[largest] ??= labels[row];
    if (found[largest] !== labels[row]) return undefined;
  }
  const known = found.filter((label) => label !== undefined);
  return known.length === width && new Set(known).size === width ? known : undefined;
}
