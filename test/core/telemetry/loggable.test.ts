import { expect, test } from 'vitest';
import { loggable } from '../../../core/telemetry/loggable.js';

test('an error is logged with its class, message, code and stack, and with the message of its cause', () => {
  const error = Object.assign(new RangeError('too far', { cause: new Error('no room') }), { code: 'EFAR' });
  expect(loggable(error)).toEqual({
    type: 'RangeError',
    message: 'too far; no room',
    code: 'EFAR',
    stack: error.stack,
  });
});

test('neither the rows that Postgres adds to an error nor the value that it quotes is kept', () => {
  const detail = { detail: 'Failing row contains (secret).', where: 'COPY t, line 1: "secret"' };
  const invalid = Object.assign(new Error('invalid input syntax for type real: "secret"'), {
    code: '22P02',
    ...detail,
  });
  const violated = Object.assign(new Error('new row violates check constraint "positive"'), {
    code: '23514',
    ...detail,
  });
  expect(JSON.stringify([loggable(invalid), loggable(new Error('not stored', { cause: invalid }))])).not.toContain(
    'secret',
  );
  expect(loggable(violated).message).toContain('positive');
  expect(JSON.stringify(loggable(violated))).not.toContain('secret');
});
