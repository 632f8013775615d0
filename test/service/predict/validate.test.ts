import { expect, test } from 'vitest';
import type { Manifest } from '../../../core/manifest/manifest.js';
import type { InvalidRequestError } from '../../../service/errors.js';
import { createValidate } from '../../../service/predict/validate.js';

const manifest = {
  name: 'wines',
  features: [
    { name: 'alcohol', type: 'numeric', missing: false, range: [7, 16], outOfRange: 'reject' },
    { name: 'grape', type: 'categorical', categories: ['riesling'], missing: true, unseen: 'flag' },
  ],
} as unknown as Manifest;
const validate = createValidate(manifest, 1_000);

async function refused(body: unknown): Promise<InvalidRequestError> {
  return validate(body).then(
    () => {
      throw new Error('it was taken');
    },
    (error) => error as InvalidRequestError,
  );
}

async function lines(body: unknown): Promise<string[]> {
  return (await refused(body)).details.errors!.map(({ path, message }) => `${path} ${message}`);
}

// A string goes to the model as C text, which ends at NUL, and to Postgres as UTF-8, which has no half surrogates: the
// model once answered "a" while the record held another text.
test('refuses text that the model and the record would hold differently', async () => {
  const grapes = ['a\0b', '\0', 'a\ud800', '\udc00\ud800', 'é\u{1f347}', ''];
  const reply = await lines({ instances: grapes.map((grape) => ({ alcohol: 10, grape })) });
  const why = 'which holds NUL or half a surrogate pair; send text without';
  expect(reply).toEqual([
    `/instances/0/grape is the string "a\\u0000b", ${why}`,
    `/instances/1/grape is the string "\\u0000", ${why}`,
    `/instances/2/grape is the string "a\\ud800", ${why}`,
    `/instances/3/grape is the string "\\udc00\\ud800", ${why}`,
  ]);
  const { batch } = await validate({ instances: [{ alcohol: 10, grape: 'é\u{1f347}' }] });
  expect(batch.categorical).toEqual(['é\u{1f347}']);
});

test('tells what is wrong with the body and with its instances at once', async () => {
  expect(await lines({ instances: [{ alcohol: 1_100, grapes: 'x' }, { alcohol: null }], x: 1 })).toEqual([
    '/x is unknown; the body has the one field "instances"',
    '/instances/0/grapes is no feature of this model; did you mean "grape"?',
    '/instances/0/alcohol is the number 1100, wanted a number, 7 to 16',
    '/instances/1/alcohol is null, wanted a number, 7 to 16',
  ]);
});

test('lists a hundred problems of both levels and counts the rest', async () => {
  const unknown = Object.fromEntries(Array.from({ length: 98 }, (_, i) => [`x${i}`, 1]));
  const error = await refused({ ...unknown, instances: [{}, {}, {}, {}, {}] });
  expect(error.details.errors).toHaveLength(100);
  expect(error.details.moreErrors).toBe(3);
});

test('does not look at each of a great many unknown fields', async () => {
  const wide = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`x${i}`, 1]));
  const error = await refused({ instances: [{ alcohol: 10, ...wide }, { alcohol: null }] });
  expect(error.reason).toBe('unknown_field');
  expect(error.details.errors).toEqual([
    { path: '/instances/0', message: 'has 301 fields, wanted the 2 features of this model' },
    { path: '/instances/1/alcohol', message: 'is null, wanted a number, 7 to 16' },
  ]);
  expect(error.details.moreErrors).toBe(0);
});
