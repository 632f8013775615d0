import type { FeatureBatch } from '../inference/batch.js';
import type { Input, Instance } from '../manifest/manifest.js';

/** The raw inputs of a row as the texts that are stored: numbers in their shortest form that reads as the same, null where missing. */
export type WriteInputs = (raw: FeatureBatch, row: number) => (string | null)[];

/** Prepares the writing of a model's raw inputs, in manifest order. */
export function createWriteInputs(inputs: Pick<Input, 'type'>[]): WriteInputs {
  const isText = inputs.map(({ type }) => type === 'text' || type === 'timestamp');
  const texts = isText.filter(Boolean).length;
  const numbers = inputs.length - texts;
  return (raw, row) => {
    let n = row * numbers;
    let c = row * texts;
    return isText.map((text) => {
      if (text) return raw.categorical[c++]!;
      const value = raw.numeric[n++]!;
      return Number.isNaN(value) ? null : Object.is(value, -0) ? '-0' : String(value);
    });
  };
}

/** The inverse: a stored row of raw inputs as an instance. A text that is not there is missing. */
export function readInputs(inputs: Pick<Input, 'name' | 'type'>[], stored: readonly (string | null)[]): Instance {
  return Object.fromEntries(inputs.map(({ name, type }, i) => [name, readInput(type, stored[i] ?? null)]));
}

function readInput(type: Input['type'], text: string | null): Instance[string] {
  if (text === null || type === 'text' || type === 'timestamp') return text;
  return type === 'boolean' ? text !== '0' : Number(text);
}
