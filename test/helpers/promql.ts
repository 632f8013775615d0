// Enough of PromQL to read what an expression of ours asks for; Prometheus itself parses it in the end-to-end tests.

const STRINGS = /"(?:[^"\\]|\\.)*"/g;
/** Each use of rate, irate or increase: what it is of, and over which range. */
export function ratesIn(expr: string): { metric: string; range: string }[] {
  const bare = expr.replace(STRINGS, '""');
  const uses = bare.matchAll(/\b(?:rate|irate|increase)\(\s*([a-zA-Z_:][\w:]*)\s*(?:\{[^{}]*\})?\s*\[([^\]]*)\]/g);
  return [...uses].map(([, metric, range]) => ({ metric: metric!, range: range! }));
}

/** How often rate, irate or increase stand in an expression. */
export function countRates(expr: string): number {
  return [...expr.replace(STRINGS, '""').matchAll(/\b(?:rate|irate|increase)\(/g)].length;
}
