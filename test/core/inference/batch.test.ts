import { expect, test } from 'vitest';
import { decodeInstances, encodeInstances } from '../../../core/inference/batch.js';
import type { Feature, Instance, Manifest } from '../../../core/manifest/manifest.js';

const manifest: Pick<Manifest, 'features'> = {
  features: [
    { name: 'constructor', type: 'numeric', missing: true, outOfRange: 'flag' },
    { name: '__proto__', type: 'categorical', categories: ['a'], missing: true, unseen: 'flag' },
    { name: 'toString', type: 'categorical', categories: ['b'], missing: true, unseen: 'flag' },
    { name: 'valueOf', type: 'boolean', missing: true },
  ],
};

// JSON.parse makes own keys of all names; an object literal would set the prototype.
const given: Instance[] = [
  JSON.parse('{"constructor": 1.5, "__proto__": "a", "toString": "b", "valueOf": true}'),
  JSON.parse('{"__proto__": null, "valueOf": false}'),
];

// A feature that was left out was once read off the prototype: a category became "function toString() …".
test('takes a feature that is left out as missing, whatever objects inherit under its name', () => {
  const batch = encodeInstances(manifest, [...given, {}]);
  expect(Array.from(batch.numeric)).toEqual([1.5, 1, Number.NaN, 0, Number.NaN, Number.NaN]);
  expect(batch.categorical).toEqual(['a', 'b', null, null, null, null]);
});

test('the empty text is missing of a raw text that may be, and is a text of another and a category of a list', () => {
  const text = { type: 'categorical', categories: [] as string[], unseen: 'flag' } as const;
  const features: Feature[] = [
    { ...text, name: 'optional', free: 'text', missing: true },
    { ...text, name: 'required', free: 'text', missing: false },
    { ...text, name: 'listed', categories: ['', 'a'], missing: true },
  ];
  const { categorical } = encodeInstances({ features }, [{ optional: '', required: '', listed: '' }]);
  expect(categorical).toEqual([null, '', '']);
});

test('gives features such names back as keys of their own, with no prototype set', () => {
  const [full, sparse, empty] = decodeInstances(manifest, encodeInstances(manifest, [...given, {}]));
  expect(JSON.stringify(full)).toBe('{"constructor":1.5,"__proto__":"a","toString":"b","valueOf":true}');
  expect(JSON.stringify(sparse)).toBe('{"constructor":null,"__proto__":null,"toString":null,"valueOf":false}');
  for (const instance of [full, sparse, empty]) expect(Object.getPrototypeOf(instance)).toBe(Object.prototype);
});
