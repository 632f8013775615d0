import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { createBodyBudget } from '../../../service/http/body-budget.js';

const request = (): IncomingMessage => ({}) as IncomingMessage;
const KIB = 1_024;

test('holds what was taken until its request is over', () => {
  const budget = createBodyBudget({ maxBytes: KIB, totalBytes: 10 * KIB });
  const one = request();
  budget.take(one, 100);
  budget.take(one, 200);
  budget.take(request(), 0);
  expect(budget.bytes()).toBe(300);
  budget.release(one);
  budget.release(one);
  expect(budget.bytes()).toBe(0);
});

test('refuses what all bodies together have no room for', () => {
  const budget = createBodyBudget({ maxBytes: 100 * KIB, totalBytes: 200 * KIB });
  const [one, two] = [request(), request()];
  budget.take(one, 100 * KIB);
  expect(() => budget.take(two, 100 * KIB)).toThrow(`${100 * KIB} bytes of request bodies are being read`);
  expect(budget.bytes()).toBe(100 * KIB);
  budget.release(one);
  budget.take(two, 100 * KIB);
});

test('keeps an eighth for small bodies', () => {
  const budget = createBodyBudget({ maxBytes: 800 * KIB, totalBytes: 800 * KIB });
  budget.take(request(), 700 * KIB);
  expect(() => budget.take(request(), 65 * KIB)).toThrow('try again a little later');
  budget.take(request(), 64 * KIB);
  budget.take(request(), 36 * KIB);
  expect(() => budget.take(request(), 1)).toThrow('try again a little later');
});

test('takes a lone body that is larger than the whole room', () => {
  const budget = createBodyBudget({ maxBytes: 800 * KIB, totalBytes: 100 * KIB });
  const one = request();
  budget.take(one, 300 * KIB);
  budget.take(one, 400 * KIB);
  expect(() => budget.take(request(), 1)).toThrow();
});
