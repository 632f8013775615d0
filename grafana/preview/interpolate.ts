import { intervalSeconds, rangeSeconds, rateIntervalSeconds, SCRAPE_SECONDS, type View } from './view.js';

/** How the value of a variable is written where it stands. */
type Format = (values: string[]) => string;

const escapeRegex = (text: string): string => text.replace(/[\\^$*+?.()|[\]{}]/g, '\\$&');

const FORMATS: Record<string, Format> = {
  /** In text and in links. */
  text: (values) => values.join(' + '),
  raw: (values) => values.join(','),
  /** Between the quotes of a PromQL matcher, whose backslashes are escaped once more. */
  regex: (values) => {
    const escaped = values.map((value) => escapeRegex(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"'));
    return escaped.length === 1 ? escaped[0]! : `(${escaped.join('|')})`;
  },
  sqlstring: (values) => values.map((value) => `'${value.replaceAll("'", "''")}'`).join(','),
};

const VARIABLE = /\$\{(\w+)(?::(\w+))?\}|\$(\w+)/g;

/**
 * Puts the values of a view's variables in place of `$name`, `${name}` and `${name:format}`, as Grafana does; names that
 * it does not know stay as they are.
 * @param format  used where the text names none
 * @throws RangeError on a format that is not known here
 */
export function interpolate(text: string, view: View, format: keyof typeof FORMATS): string {
  return text.replace(
    VARIABLE,
    (whole, braced: string | undefined, asked: string | undefined, bare: string | undefined) => {
      const values = view.variables.get(braced ?? bare ?? '');
      if (!values) return whole;
      const write = FORMATS[asked ?? format];
      if (!write) throw new RangeError(`interpolate knows no format "${asked}" in ${whole}`);
      return write(values);
    },
  );
}

/** A PromQL query of a panel as it is sent. @param points  that the panel has room for */
export function interpolatePromql(expr: string, view: View, points: number): { expr: string; step: number } {
  const step = intervalSeconds(view, points, SCRAPE_SECONDS);
  const times: Record<string, string> = {
    $__rate_interval: `${rateIntervalSeconds(step)}s`,
    $__interval: `${step}s`,
    $__range: `${Math.round(rangeSeconds(view))}s`,
  };
  const timed = expr.replace(/\$__(rate_interval|interval|range)\b/g, (name) => times[name]!);
  return { expr: interpolate(timed, view, 'regex'), step };
}

/** A SQL query of a panel as it is sent: variables, then the macros of Grafana's Postgres data source. */
export function interpolateSql(text: string, view: View, points: number): string {
  const interval = intervalSeconds(view, points, 1);
  const [from, to] = [view.from, view.to].map((time) => `'${time.toISOString()}'`);
  const group = (column: string): string => `floor(extract(epoch from ${column})/${interval})*${interval}`;
  return interpolate(text, view, 'raw')
    .replace(/\$__timeFilter\(([^()]+)\)/g, (_, column: string) => `${column} BETWEEN ${from} AND ${to}`)
    .replace(/\$__timeGroupAlias\(([^(),]+),\s*\$__interval\)/g, (_, column: string) => `${group(column)} AS "time"`)
    .replace(/\$__timeGroup\(([^(),]+),\s*\$__interval\)/g, (_, column: string) => group(column))
    .replaceAll('$__timeFrom()', from!)
    .replaceAll('$__timeTo()', to!);
}
