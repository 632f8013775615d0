import { expect, test } from 'vitest';
import { comparedWith } from '../../cli/compared-with.js';

test('says what predictions are compared with, and when that is too little', () => {
  expect(comparedWith(undefined)).toContain('answers to reference.csv; if the model has learned those rows');
  expect(comparedWith(30)).toBe('predictions are compared with the answers to the 30 rows of held-out.csv');
  expect(comparedWith(29)).toContain('29 rows of held-out.csv; fewer than 30 say nothing');
});
