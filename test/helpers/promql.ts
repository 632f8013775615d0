// Enough of PromQL to read what an expression of ours asks for; Prometheus itself parses it in the end-to-end tests.

const STRINGS = /"(?:[^"\\]|\\.)*"/g;
const KEYWORDS = new Set([
  'or',
  'and',
  'unless',
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'bool',
  'offset',
  'inf',
  'nan',
]);

/** Names of all metrics that an expression selects. */
export function metricsIn(expr: string): string[] {
  const bare = expr
    .replace(STRINGS, '""')
    .replace(/\{[^{}]*\}/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)/g, ' ');
  const names = [...bare.matchAll(/[a-zA-Z_:][\w:]*(?!\s*\(|[\w:])/g)].map(([name]) => name);
  return [...new Set(names.filter((name) => !KEYWORDS.has(name.toLowerCase())))];
}

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
