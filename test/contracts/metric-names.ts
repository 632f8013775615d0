import { exportedMetrics, recordedMetrics } from '../../docs/generate-metrics.js';

const WORDS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'start', 'end', 'inf', 'nan', 'atan2']);
const STRING = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;
const CLAUSE = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g;
const NAME = /(?<![\w:.$%])[a-zA-Z_:][\w:]*(?!\s*\(|[\w:])/g;

/**
 * The metrics that a PromQL expression reads, histogram suffixes and all, each once. Names asked for by an expression in
 * `__name__` are written out: `data_(a|b)_ratio` is two. Variables of Grafana and verbs of templates are no names.
 */
export function metricNamesIn(promql: string): string[] {
  const byPattern = [...promql.matchAll(/__name__\s*=~?\s*"([^"]*)"/g)].flatMap((match) => alternatives(match[1]!));
  const bare = promql
    .replaceAll(STRING, ' ')
    .replaceAll(/\{[^}]*\}/g, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(CLAUSE, ' ');
  const named = [...bare.matchAll(NAME)].map(([name]) => name).filter((name) => !WORDS.has(name.toLowerCase()));
  return [...new Set([...byPattern, ...named])];
}

function alternatives(pattern: string): string[] {
  const [, before, choices, after] = /^([\w:]*)(?:\(([\w|]+)\))?([\w:]*)$/.exec(pattern) ?? [];
  if (before === undefined) throw new Error(`${pattern} is no list of names that can be written out`);
  return (choices ?? '').split('|').map((choice) => `${before}${choice}${after}`);
}

/** Every name that Prometheus may be asked for: exported (of histograms the three series), recorded, and its own. */
export function knownMetricNames(): Set<string> {
  const exported = exportedMetrics().flatMap(({ name, type }) =>
    type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  return new Set([...exported, ...recordedMetrics().map(({ name }) => name), 'up', 'ALERTS', 'ALERTS_FOR_STATE']);
}
