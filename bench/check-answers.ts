import { isDeepStrictEqual } from 'node:util';
import type { Contestant } from './contestants/contestant.js';
import type { SampleRow } from './model/prepare.js';

/**
 * Sends each row of the sample once and compares: a server must give the label that onnxruntime gives, an echo the
 * request itself.
 * @returns number of requests answered
 * @throws Error with the first wrong answer
 */
export async function checkAnswers(contestant: Contestant, port: number, sample: SampleRow[]): Promise<number> {
  for (const row of sample) {
    const body = contestant.body([row]);
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`http://127.0.0.1:${port}${contestant.path}`, { method: 'POST', headers, body });
    const text = await response.text();
    if (!response.ok || !isRight(contestant, JSON.parse(text), body, row.label)) {
      throw new Error(
        `the answer to ${body} is wrong, wanted label ${row.label}: ${response.status} ${text.slice(0, 300)}`,
        { cause: 'answer' },
      );
    }
  }
  return sample.length;
}

function isRight(contestant: Contestant, answer: unknown, body: string, label: string): boolean {
  return contestant.label ? contestant.label(answer) === label : isDeepStrictEqual(answer, JSON.parse(body));
}
