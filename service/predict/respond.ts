import { inSlices } from '../../core/in-slices.js';
import type { Manifest } from '../../core/manifest/manifest.js';
import type { Answer } from './answer.js';
import type { Flag } from './flags.js';

/** Writes the body of an answer, a slice at a time. */
export type Respond = (ids: string[], answer: Answer, flags: (Flag[] | undefined)[]) => Promise<string>;

/** Prepares what is the same in every answer of a model version: class names and the model's name and version. */
export function createRespond(manifest: Manifest, modelVersion: number): Respond {
  const end = `],"model":${JSON.stringify({ name: manifest.name, version: modelVersion })}}`;
  const keys = manifest.classes.map((name, i) => `${i === 0 ? '' : ','}${JSON.stringify(name)}:`);
  const probabilities = (answer: Answer, row: number): string => {
    let text = ',"probabilities":{';
    for (let k = 0; k < keys.length; k++) text += keys[k]! + answer.probabilities![row * keys.length + k]!;
    return `${text}}`;
  };
  const prediction = (id: string, row: number, answer: Answer, flags: Flag[] | undefined): string => {
    let text = `{"id":"${id}"`;
    if (answer.values) text += `,"value":${answer.values[row]!}`;
    if (answer.labels) text += `,"label":${JSON.stringify(answer.labels[row])}`;
    if (answer.probabilities) text += probabilities(answer, row);
    if (flags) text += `,"flags":${JSON.stringify(flags)}`;
    return `${text}}`;
  };
  return async (ids, answer, flags) => {
    let text = '{"predictions":[';
    await inSlices(ids.length, (first, last) => {
      for (let row = first; row < last; row++) {
        text += (row === 0 ? '' : ',') + prediction(ids[row]!, row, answer, flags[row]);
      }
    });
    return text + end;
  };
}
