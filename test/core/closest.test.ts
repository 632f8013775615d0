import { expect, test } from 'vitest';
import { closest } from '../../core/closest.js';

test('finds the word that was meant, in any letter case, and of equally distant ones that which begins alike', () => {
  expect(closest('rnage', ['range', 'name'])).toBe('range');
  expect(closest('Type', ['tape', 'type'])).toBe('type');
  expect(closest('SERVICE_SLICE_ROW', ['SERVICE_SLICE_ROWS', 'SERVICE_PORT'])).toBe('SERVICE_SLICE_ROWS');
  expect(closest('ab', ['xb', 'ax'])).toBe('ax');
});

test('finds none where nothing is near', () => {
  expect(closest('colour', ['size', 'weight'])).toBeUndefined();
  expect(closest('x', [])).toBeUndefined();
});
