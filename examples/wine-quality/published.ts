import { parseCsv, readCsv } from '../../core/csv.js';
import { type Problem, ProblemsError } from '../../core/problems.js';
import { GRADES, type Wine } from './wine.js';

/** Where the publisher keeps the file; read only when a person passes it as --csv. */
export const PUBLISHED_URL =
  'https://archive.ics.uci.edu/ml/machine-learning-databases/wine-quality/winequality-white.csv';

const FETCH_TIMEOUT_MS = 60_000;
const PUBLISHED_NAMES = { alcohol: 'alcohol', volatile_acidity: 'volatile acidity', sulphates: 'sulphates' } as const;

/**
 * Reads the publisher's winequality-white.csv (separator `;`, quoted headers with spaces) from a path or an http(s) URL.
 * Grade 9 becomes 8: five wines are too few for a class.
 * @throws ProblemsError  no rows; or every missing column; or the first bad cell of each column with its line
 * @throws Error  the file or URL cannot be read
 */
export async function readPublishedWines(source: string): Promise<Wine[]> {
  const isUrl = /^https?:\/\//.test(source);
  const table = isUrl ? parseCsv(await fetchText(source), source) : await readCsv(source).catch(unreadable(source));
  if (table.rows.length === 0) {
    throw new ProblemsError(source, [{ where: source, message: 'has no rows; fetch the file again' }]);
  }
  const problems: Problem[] = [];
  for (const column of [...Object.values(PUBLISHED_NAMES), 'quality']) {
    if (!table.columns.includes(column)) {
      const found = table.columns.slice(0, 12).join(', ');
      problems.push({
        where: `${source}:1`,
        message: `column "${column}" is missing, found ${found}; give the publisher's winequality-white.csv`,
      });
    }
  }
  if (problems.length > 0) throw new ProblemsError(source, problems);
  const wines = table.rows.map((cells, row) => readWine(cells, `${source}:${row + 2}`, problems));
  if (problems.length > 0) throw new ProblemsError(source, firstOfEachColumn(problems));
  return wines;
}

function readWine(cells: Record<string, string>, where: string, problems: Problem[]): Wine {
  const number = (column: string): number => {
    const value = Number(cells[column]);
    if (cells[column] === '' || !Number.isFinite(value)) {
      problems.push({ where, message: `column "${column}": "${cells[column]}" is not a number` });
    }
    return value;
  };
  const quality = cells.quality === '9' ? '8' : (cells.quality ?? '');
  if (!(GRADES as readonly string[]).includes(quality)) {
    problems.push({ where, message: `column "quality": "${quality}" is not a grade from 3 to 9` });
  }
  return {
    key: Object.values(cells).join(';'),
    alcohol: number(PUBLISHED_NAMES.alcohol),
    volatile_acidity: number(PUBLISHED_NAMES.volatile_acidity),
    sulphates: number(PUBLISHED_NAMES.sulphates),
    quality,
  };
}

function firstOfEachColumn(problems: Problem[]): Problem[] {
  const columnOf = (problem: Problem): string => /^column "[^"]*"/.exec(problem.message)?.[0] ?? problem.message;
  return [...new Map(problems.toReversed().map((problem) => [columnOf(problem), problem])).values()].toReversed();
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

function unreadable(path: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    if (error.code !== 'ENOENT') throw error;
    const hint = `give the publisher's file, or its address ${PUBLISHED_URL}, or leave --csv out for generated rows`;
    throw new Error(`${path} does not exist; ${hint}`, { cause: error });
  };
}
