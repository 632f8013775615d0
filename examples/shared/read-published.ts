import { parseCsv, readCsv } from '../../core/csv.js';
import { type Problem, ProblemsError } from '../../core/problems.js';
import type { ExampleRow, Published } from './example.js';

const FETCH_TIMEOUT_MS = 60_000;

/**
 * Reads a publisher's file from a path or an http(s) address.
 * @throws ProblemsError  no rows; or every missing column; or the first bad cell of each column with its line
 * @throws Error  the file or address cannot be read
 */
export async function readPublished(published: Published, source: string): Promise<ExampleRow[]> {
  const isUrl = /^https?:\/\//.test(source);
  const table = isUrl
    ? parseCsv(await fetchText(source), source)
    : await readCsv(source).catch(unreadable(published, source));
  if (table.rows.length === 0) {
    throw new ProblemsError(source, [{ where: source, message: 'has no rows; fetch the file again' }]);
  }
  const found = table.columns.slice(0, 12).join(', ');
  const absent = published.columns.filter((column) => !table.columns.includes(column));
  if (absent.length > 0) {
    const hint = `found ${found}; give the publisher's ${published.file}`;
    const problems = absent.map((column) => ({
      where: `${source}:1`,
      message: `column "${column}" is missing, ${hint}`,
    }));
    throw new ProblemsError(source, problems);
  }
  const firstOfColumn = new Map<string, Problem>();
  const rows = table.rows.flatMap((cells, row) => {
    const say = (column: string, message: string): void => {
      if (firstOfColumn.has(column)) return;
      firstOfColumn.set(column, { where: `${source}:${row + 2}`, message: `column "${column}": ${message}` });
    };
    return published.readRow(cells, say) ?? [];
  });
  if (firstOfColumn.size > 0) throw new ProblemsError(source, [...firstOfColumn.values()]);
  if (rows.length === 0) {
    throw new ProblemsError(source, [{ where: source, message: 'no row passes the cleaning rules' }]);
  }
  return rows;
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) }).catch((error: unknown) => {
    const reason = error instanceof Error ? String((error.cause as Error | undefined)?.message ?? error.message) : '';
    throw new Error(`${url} cannot be fetched: ${reason}; give the path of a copy instead`, { cause: error });
  });
  if (!response.ok)
    throw new Error(`${url} answered ${response.status}; check the address`, { cause: response.status });
  return response.text();
}

function unreadable(published: Published, path: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    if (error.code !== 'ENOENT') throw error;
    const address = published.url === undefined ? '' : `, or its address ${published.url}`;
    const hint = `give the publisher's ${published.file}${address}, or leave --csv out for generated rows`;
    throw new Error(`${path} does not exist; ${hint}`, { cause: error });
  };
}
