import { expect, test } from 'vitest';
import { DEFAULT_PARAMETERS, resolveParameters } from '../../../trainer/builtin/parameters.js';

test('what is not given has its default, which softmax grows smaller trees by', () => {
  expect(resolveParameters('binary', { leaves: 7 })).toEqual({ ...DEFAULT_PARAMETERS, leaves: 7 });
  expect(resolveParameters('multiclass').leaves).toBeLessThan(resolveParameters('regression').leaves);
});

test('the defaults are within their own ranges', () => {
  expect(resolveParameters('binary', { ...DEFAULT_PARAMETERS })).toEqual(DEFAULT_PARAMETERS);
});

test('all problems are listed at once, with the value and the range', () => {
  const given = { learningRate: 0, leaves: 2.5, rowShare: 1.5, treees: 3 };
  expect(() => resolveParameters('binary', given)).toThrow(RangeError);
  expect(() => resolveParameters('binary', given)).toThrow(
    /learningRate is 0, must be a number above 0 to 1; leaves is 2.5, must be a whole number from 2 to 256; rowShare is 1.5.*treees is not a parameter/,
  );
});
