import { expect, test } from 'vitest';
import type { Feature, Manifest } from '../../../core/manifest/manifest.js';
import { createRandom } from '../../../core/random.js';
import { createQuickRead } from '../../../service/predict/quick-read.js';
import { createValidate } from '../../../service/predict/validate.js';

const numeric = { type: 'numeric', missing: false, outOfRange: 'flag' } as const;
const categorical = { type: 'categorical' as const, categories: ['a', 'é', 'x\0'], missing: false };
const features: Feature[] = [
  { ...numeric, name: 'plain' },
  { ...numeric, name: 'flagged', range: [0, 10] },
  { ...numeric, name: 'limited', range: [-1, 1], outOfRange: 'reject', missing: true },
  { ...categorical, name: 'kind', unseen: 'flag' },
  { ...categorical, name: 'closed', unseen: 'reject', missing: true },
  { name: 'yes', type: 'boolean', missing: true },
  { ...numeric, name: 'constructor', missing: true },
  { name: 'toString', type: 'boolean', missing: true },
];
const manifest = { name: 'm', features } as unknown as Manifest;
const MOST = 40;

const VALUES = [
  ...['0', '-0', '1', '-1', '1.5', '10', '11', '-0.1', '1e-400', '1e309', '-1e309', '3.4028234663852886e38'],
  ...['3.4028234663852890e38', '-3.5e38', '5e-324', 'true', 'false', 'null', '[]', '[1]', '{}', '"1"', '""', '"a"'],
  ...['"b"', '"é"', '"x\\u0000"', '"\\ud800"', '"\\ud83c\\udf47"', `"${'y'.repeat(1_000)}"`, `"${'y'.repeat(1_001)}"`],
  `"${'\u{1f347}'.repeat(600)}"`,
];
const GOOD: Record<Feature['type'], string[]> = {
  numeric: ['0', '-0', '1', '0.5', '11', '-3e38'],
  categorical: ['"a"', '"é"', '"b"'],
  boolean: ['true', 'false'],
};

/** The text of a body: mostly valid instances, with a strange value or name here and there. */
function randomBody(random: ReturnType<typeof createRandom>): string {
  const pick = <T>(from: readonly T[]): T => from[random.integer(from.length)]!;
  const field = (feature: Feature): string => {
    if (feature.missing && random.next() < 0.3) return pick(['', `"${feature.name}":null`]);
    if (random.next() < 0.01) return '';
    return `"${feature.name}":${random.next() < 0.06 ? pick(VALUES) : pick(GOOD[feature.type])}`;
  };
  const instance = (): string => {
    if (random.next() < 0.02) return pick(VALUES);
    const fields = random.shuffle(features.map(field)).filter((text) => text !== '');
    if (random.next() < 0.05)
      fields.push(`"${pick(['__proto__', 'hasOwnProperty', 'x', '', 'plain'])}":${pick(VALUES)}`);
    return `{${fields.join()}}`;
  };
  const instances = `[${Array.from({ length: Math.floor(random.next() ** 4 * (MOST + 3)) + 1 }, instance).join()}]`;
  if (random.next() > 0.03) return `{"instances":${instances}}`;
  return pick(['{}', '[]', 'null', '1', `{"instances":${instances},"x":1}`, '{"instances":[]}', '{"instances":{}}']);
}

test('takes the bodies that the schema takes, encodes and flags them alike, and refuses the others in the same words', async () => {
  const quick = createQuickRead(manifest, MOST);
  const validate = createValidate(manifest, MOST);
  const bySchema = createValidate(manifest, MOST, undefined, { ...quick, instancesOf: () => undefined });
  const outcome = (promise: ReturnType<typeof validate>) => promise.catch((error) => ({ refused: error.details }));
  const random = createRandom(7);
  const taken = { small: 0, slow: 0, refused: 0 };
  for (let i = 0; i < 6_000; i++) {
    const text = randomBody(random);
    const body = JSON.parse(text);
    const wanted = await outcome(bySchema(body));
    expect(await outcome(validate(body)), text).toEqual(wanted);
    const small = quick.small(body);
    if ('refused' in wanted) taken.refused++;
    else if (small) taken.small++;
    else taken.slow++;
    // Object.is in `toEqual`: -0 and NaN count.
    if (small) expect(small, text).toEqual(wanted);
  }
  expect(Math.min(taken.small, taken.refused)).toBeGreaterThan(1_000);
  // What the quick reader leaves to the schema though it is valid: more rows than are done at once, and long text.
  expect(taken.slow).toBeGreaterThan(0);
  expect(taken.slow).toBeLessThan(taken.small / 4);
});

test('the empty text of a raw text that may be missing is missing, on the quick way too', async () => {
  const text = { type: 'categorical', categories: [], unseen: 'flag', free: 'text', missing: true, name: 'title' };
  const texts = { name: 'm', features: [text] } as unknown as Manifest;
  const body = { instances: [{ title: '' }, { title: 'a' }] };
  const validate = createValidate(texts, MOST);
  expect((await validate(body)).batch.categorical).toEqual([null, 'a']);
});

test('leaves a feature of the name __proto__ to the schema', () => {
  const odd = JSON.parse('{"name":"m","features":[{"name":"__proto__","type":"numeric","missing":true}]}');
  const quick = createQuickRead(odd, MOST);
  expect(quick.small(JSON.parse('{"instances":[{"__proto__":1}]}'))).toBeUndefined();
  expect(quick.small({ instances: [{}] })?.batch.numeric).toEqual(Float64Array.of(Number.NaN));
});
