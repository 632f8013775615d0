/** A Markdown table; the columns after the first are numbers, set to the right, unless `left` names them. */
export function table(header: string[], rows: string[][], left: number[] = [0]): string {
  const line = (cells: string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = `|${header.map((_, i) => (left.includes(i) ? '---' : '--:')).join('|')}|`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}

/** A number to read: thousands separated from 1,000 on, three significant digits below 100, none lost above. */
export function shown(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** A reason as one short line of a table. */
export function oneLine(text: string, most = 240): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most)}…`;
}
