import { expect, test } from 'vitest';
import { inSlices } from '../../../core/in-slices.js';
import { parseInSlices } from '../../../service/http/parse-in-slices.js';

const parse = (text: string): Promise<unknown> => parseInSlices(Buffer.from(text), inSlices);

test('gives what JSON.parse gives, whatever stands in the elements', async () => {
  const odd = ['],"}{', '\\', '\\"],', 'é\u{1f347}', '\u2028', ','];
  const elements = Array.from({ length: 3_000 }, (_, i) => ({
    a: i / 7,
    [odd[i % 6]!]: [odd[(i + 1) % 6], { b: null }, -0],
  }));
  for (const values of [elements, [1], odd, [[[]], {}], elements.map((e) => e.a)]) {
    for (const space of [undefined, 1, '\t']) {
      const text = JSON.stringify({ instances: values }, undefined, space);
      const parsed = await parse(` \r\n${text}\n`);
      expect(parsed).toEqual(JSON.parse(text));
    }
  }
  const own = await parse('{"__proto__":[{"__proto__":1}]}');
  expect(JSON.stringify(own)).toBe('{"__proto__":[{"__proto__":1}]}');
});

test('cuts a long array into pieces', async () => {
  const text = JSON.stringify({ instances: Array.from({ length: 1_000 }, (_, i) => ({ value: i })) });
  const original = JSON.parse;
  let pieces = 0;
  JSON.parse = (...args: Parameters<typeof original>) => {
    pieces++;
    return original(...args);
  };
  try {
    expect(await parse(text)).toHaveProperty('instances.999.value', 999);
  } finally {
    JSON.parse = original;
  }
  expect(pieces).toBe(Math.ceil(text.length / 2_060));
});

test('leaves every other form, and what is no JSON, to the parser of the whole', async () => {
  const long = Array.from({ length: 600 }, () => '{"a":1}').join();
  const others = [
    ...[
      '{}',
      '[1]',
      '1',
      '{"a":1}',
      '{"a":[]}',
      '{"a":[1],"b":2}',
      '{"b":2,"a":[1]}',
      '{"a":[1],"b":[2]}',
      '{"a\\n":[1]}',
    ],
    ...[
      '{"a":[1,]}',
      '{"a":[,1]}',
      '{"a":[1,,2]}',
      '{"a":[1]',
      '{"a":[1]}}',
      '{"a":[1]}1',
      '{"a":[1]]',
      '{"a":[{]}]}',
      '{"a":[1}]',
    ],
    ...[
      `{"a":[${long},]}`,
      `{"a":[${long},,${long}]}`,
      `{"a":[${long},{"b":}]}`,
      `{"a":[${long}"]}`,
      `\u00a0{"a":[1]}`,
    ],
  ];
  for (const text of others) expect(await parse(text), text.slice(0, 50)).toBeUndefined();
});
