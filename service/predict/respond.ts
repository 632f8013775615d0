import { type InSlices, inSlices } from '../../core/in-slices.js';
import type { Flag } from '../../core/inference/flags.js';
import type { Manifest } from '../../core/manifest/manifest.js';
import type { Answer } from './answer.js';
import { numberText } from './number-text.js';

/** Writes the body of an answer, the text of a large one in pieces that together are the body. */
export interface Respond {
  /** The whole body at once: for few rows. */
  small(ids: string[], answer: Answer, flags: (Flag[] | undefined)[]): string;
  /** The same a slice at a time, as bytes. */
  large(ids: string[], answer: Answer, flags: (Flag[] | undefined)[]): Promise<Buffer[]>;
}

/** Prepares what is the same in every answer of a model version: class names and the model's name and version. */
export function createRespond(manifest: Manifest, modelVersion: number, eachSlice: InSlices = inSlices): Respond {
  const start = '{"predictions":[';
  const end = `],"model":${JSON.stringify({ name: manifest.name, version: modelVersion })}}`;
  const keys = manifest.classes.map((name, i) => `${i === 0 ? '' : ','}${JSON.stringify(name)}:`);
  const labels = new Map(manifest.classes.map((name) => [name, `,"label":${JSON.stringify(name)}`]));
  /** Puts the names of the classes before their numbers. */
  const name = (scores: string): string => {
    let text = '';
    let from = 0;
    for (const key of keys) {
      const comma = scores.indexOf(',', from);
      const to = comma === -1 ? scores.length : comma;
      text += key;
      text += scores.slice(from, to);
      from = to + 1;
    }
    return text;
  };
  const prediction = (id: string, row: number, answer: Answer, flags: Flag[] | undefined): string => {
    let text = `${row === 0 ? '' : ','}{"id":"${id}"`;
    if (answer.values) text += `,"value":${answer.values[row]!}`;
    if (answer.labels) text += labels.get(answer.labels[row]!) ?? `,"label":${JSON.stringify(answer.labels[row])}`;
    if (answer.probabilities) {
      const scores = numberText(answer.probabilities, row * keys.length, (row + 1) * keys.length);
      text += `,"probabilities":{${name(scores)}}`;
    }
    if (flags) text += `,"flags":${JSON.stringify(flags)}`;
    return `${text}}`;
  };
  return {
    small: (ids, answer, flags) => {
      let text = start;
      for (let row = 0; row < ids.length; row++) text += prediction(ids[row]!, row, answer, flags[row]);
      return text + end;
    },
    large: async (ids, answer, flags) => {
      const pieces = [Buffer.from(start)];
      await eachSlice(ids.length, (first, last) => {
        let text = '';
        for (let row = first; row < last; row++) text += prediction(ids[row]!, row, answer, flags[row]);
        pieces.push(Buffer.from(text));
      });
      pieces.push(Buffer.from(end));
      return pieces;
    },
  };
}
