import type { Example, ExampleRow, SayProblem } from '../shared/example.js';
import { readNumber, readOneOf } from '../shared/read-cells.js';
import { generateBuyers } from './generate.js';

/** Car purchases of 1,000 people (Kaggle). `User ID` names a person and is no feature. */
export const carPurchase: Example = {
  name: 'car-purchase',
  columns: ['gender', 'age', 'annual_salary', 'purchased'],
  published: {
    file: 'car_data.csv',
    columns: ['Gender', 'Age', 'AnnualSalary', 'Purchased'],
    readRow,
  },
  usualRows: 1_000,
  generate: generateBuyers,
  referenceShare: 0.67,
};

/** Two people who agree in everything are copies of one another to a model, whatever their ids. */
function readRow(cells: Record<string, string>, say: SayProblem): ExampleRow {
  const row = {
    gender: readOneOf(cells, 'Gender', ['Female', 'Male'], say),
    age: readNumber(cells, 'Age', say),
    annual_salary: readNumber(cells, 'AnnualSalary', say),
    purchased: readOneOf(cells, 'Purchased', ['0', '1'], say),
  };
  return { key: Object.values(row).join(';'), cells: row };
}
