import type { Example, ExampleRow, SayProblem } from '../shared/example.js';
import { readNumber, readOneOf } from '../shared/read-cells.js';
import { generateWines, PUBLISHED_ROWS } from './generate.js';

/** Grades in rising order, as in model.yaml. */
export const GRADES = ['3', '4', '5', '6', '7', '8'] as const;
const PUBLISHED_GRADES = [...GRADES, '9'];

/** White wines of the UCI Wine Quality data (separator `;`, quoted headers with spaces). */
export const wineQuality: Example = {
  name: 'wine-quality',
  columns: ['alcohol', 'volatile_acidity', 'sulphates', 'quality'],
  published: {
    file: 'winequality-white.csv',
    url: 'https://archive.ics.uci.edu/ml/machine-learning-databases/wine-quality/winequality-white.csv',
    columns: ['alcohol', 'volatile acidity', 'sulphates', 'quality'],
    readRow,
  },
  usualRows: PUBLISHED_ROWS,
  generate: generateWines,
  referenceShare: 0.6,
};

/** Grade 9 becomes 8: five wines are too few for a class. */
function readRow(cells: Record<string, string>, say: SayProblem): ExampleRow {
  const grade = readOneOf(cells, 'quality', PUBLISHED_GRADES, say);
  return {
    key: Object.values(cells).join(';'),
    cells: {
      alcohol: readNumber(cells, 'alcohol', say),
      volatile_acidity: readNumber(cells, 'volatile acidity', say),
      sulphates: readNumber(cells, 'sulphates', say),
      quality: grade === '9' ? '8' : grade,
    },
  };
}
