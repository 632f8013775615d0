import { distance } from 'fastest-levenshtein';

/** The candidate that `word` was most likely meant to be (Levenshtein distance of at most 2, or a third of a longer word), or undefined. */
export function closest(word: string, candidates: string[]): string | undefined {
  const limit = Math.min(word.length - 1, Math.max(2, Math.floor(word.length / 3)));
  const near = candidates
    .map((candidate) => ({ candidate, d: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ d }) => d <= limit)
    .sort((a, b) => a.d - b.d || shared(b.candidate, word) - shared(a.candidate, word));
  return near[0]?.candidate;
}

/** How many characters two words begin with in common: decides between equally distant candidates. */
function shared(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
