import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkAnswers } from '../../bench/check-answers.js';
import { CONTESTANTS, chooseContestants } from '../../bench/contestants/all.js';
import { rotate } from '../../bench/plan.js';
import { assertStored } from '../../bench/stored-rows.js';

const row = { features: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], label: '6' };
const named = (name: string) => CONTESTANTS.find((contestant) => contestant.name === name)!;
let answer = '';
let server: Server;
let port = 0;

beforeAll(async () => {
  server = createServer((_request, response) => response.end(answer));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

test('each server is chosen by its name, and a wrong one is told with those there are', () => {
  expect(chooseContestants(undefined)).toHaveLength(11);
  expect(chooseContestants('flask, plumbline').map(({ name }) => name)).toEqual(['plumbline', 'flask']);
  expect(() => chooseContestants('flsk')).toThrow(/there is no flsk; there are plumbline, plumbline-disk, node-http/);
});

test('each round begins with the next server', () => {
  expect([0, 1, 4].map((round) => rotate(['a', 'b', 'c'], round).join(''))).toEqual(['abc', 'bca', 'bca']);
});

test('a wrong label, and an echo that changes the request, are found before measuring', async () => {
  answer = '{"label":"5"}';
  await expect(checkAnswers(named('fastapi'), port, [row])).rejects.toThrow(/wanted label 6: 200 \{"label":"5"\}/);
  answer = '{"label":"6"}';
  expect(await checkAnswers(named('fastapi'), port, [row, row])).toBe(2);
  await expect(checkAnswers(named('node-http'), port, [row])).rejects.toThrow('is wrong');
  answer = named('node-http').body([row]);
  expect(await checkAnswers(named('node-http'), port, [row])).toBe(1);
});

test('the label is where each protocol has it', async () => {
  answer = '{"predictions":[{"id":"x","label":"6"}]}';
  expect(await checkAnswers(named('plumbline'), port, [row])).toBe(1);
  answer = '{"outputs":[{"name":"label","data":["6"]}]}';
  expect(await checkAnswers(named('mlserver'), port, [row])).toBe(1);
});

test('rows stored must be at least the answers, and at most those and what was cut off', () => {
  const rows = { answered: 1_000, stored: 1_003, cutOff: 3 };
  expect(assertStored(rows)).toEqual(rows);
  expect(() => assertStored({ ...rows, stored: 998 })).toThrow('2 rows are missing');
  expect(() => assertStored({ ...rows, stored: 1_004 })).toThrow('too many rows');
});
