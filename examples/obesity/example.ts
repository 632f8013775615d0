import type { Example, ExampleRow, SayProblem } from '../shared/example.js';
import { readNumber, readOneOf } from '../shared/read-cells.js';
import { generatePeople } from './generate.js';

/** Levels in rising order, as in model.yaml. */
export const LEVELS = [
  'Insufficient_Weight',
  'Normal_Weight',
  'Overweight_Level_I',
  'Overweight_Level_II',
  'Obesity_Type_I',
  'Obesity_Type_II',
  'Obesity_Type_III',
] as const;

const FREQUENCIES = ['no', 'Sometimes', 'Frequently', 'Always'];
const TRANSPORTS = ['Automobile', 'Motorbike', 'Bike', 'Public_Transportation', 'Walking'];

/** Feature by the publisher's column. */
const NUMBERS = {
  Age: 'age',
  Height: 'height',
  Weight: 'weight',
  FCVC: 'vegetables',
  NCP: 'main_meals',
  CH2O: 'water',
  FAF: 'physical_activity',
  TUE: 'screen_time',
} as const;
const BOOLEANS = {
  family_history_with_overweight: 'family_history',
  FAVC: 'high_calorie_food',
  SMOKE: 'smoker',
  SCC: 'counts_calories',
} as const;
const TEXTS = {
  Gender: ['gender', ['Female', 'Male']],
  CAEC: ['food_between_meals', FREQUENCIES],
  CALC: ['alcohol', FREQUENCIES],
  MTRANS: ['transport', TRANSPORTS],
} as const;
const TARGET = 'NObeyesdad';

/** Obesity levels of 2,111 people of Mexico, Peru and Colombia (UCI, 2019). */
export const obesity: Example = {
  name: 'obesity',
  columns: [
    'gender',
    'age',
    'height',
    'weight',
    'family_history',
    'high_calorie_food',
    'vegetables',
    'main_meals',
    'food_between_meals',
    'smoker',
    'water',
    'counts_calories',
    'physical_activity',
    'screen_time',
    'alcohol',
    'transport',
    'obesity_level',
  ],
  published: {
    file: 'ObesityDataSet_raw_and_data_sinthetic.csv',
    columns: [...Object.keys(NUMBERS), ...Object.keys(BOOLEANS), ...Object.keys(TEXTS), TARGET],
    readRow,
  },
  usualRows: 2_111,
  generate: generatePeople,
  referenceShare: 0.6,
};

function readRow(cells: Record<string, string>, say: SayProblem): ExampleRow {
  const row: ExampleRow['cells'] = { obesity_level: readOneOf(cells, TARGET, LEVELS, say) };
  for (const [column, name] of Object.entries(NUMBERS)) row[name] = readNumber(cells, column, say);
  for (const [column, name] of Object.entries(BOOLEANS))
    row[name] = readOneOf(cells, column, ['yes', 'no'], say) === 'yes';
  for (const [column, [name, allowed]] of Object.entries(TEXTS)) row[name] = readOneOf(cells, column, allowed, say);
  return { key: Object.values(cells).join(';'), cells: row };
}
