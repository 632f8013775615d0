import { expect, test } from 'vitest';
import { problemBody } from '../../../core/http/problem.js';

test('a problem with a code has a type of its own, and all else that is known of it', () => {
  const body = problemBody({ status: 404, detail: 'no run "7"', code: 'run_not_found', run: '7', trace_id: undefined });
  expect(JSON.parse(body)).toEqual({
    type: 'urn:plumbline:problem:run_not_found',
    title: 'Not Found',
    status: 404,
    detail: 'no run "7"',
    code: 'run_not_found',
    run: '7',
  });
});

test('a problem without a code is told by its status', () => {
  expect(JSON.parse(problemBody({ status: 503, detail: 'ask again' }))).toEqual({
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    detail: 'ask again',
  });
});
