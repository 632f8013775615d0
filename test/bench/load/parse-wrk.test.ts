import { expect, test } from 'vitest';
import { parseWrk } from '../../../bench/load/parse-wrk.js';

const output = `Running 3s test @ http://127.0.0.1:8080
  1 threads and 32 connections
Requests/sec:   3677.12
report {"requests":11031,"durationUs":3000000,"p50Us":6770,"p99Us":109000,"maxUs":120000,"refused":2,"socketErrors":1}
`;

test('reads the line of report.lua', () => {
  expect(parseWrk(output)).toEqual({
    requests: 11_031,
    requestsPerSecond: 3_677,
    p50Ms: 6.77,
    p99Ms: 109,
    maxMs: 120,
    refused: 2,
    socketErrors: 1,
  });
});

test('says what wrk printed when the line is missing or lacks a number', () => {
  expect(() => parseWrk('unable to connect to 127.0.0.1:1')).toThrow(/no report.*unable to connect/);
  expect(() => parseWrk(output.replace('"p99Us":109000,', ''))).toThrow('(p99Us)');
  expect(() => parseWrk(output.replace('3000000', '0'))).toThrow('duration 0');
});
