import { join } from 'node:path';
import { mean } from 'simple-statistics';
import { createHttpClient } from '../../../traffic/http-client.js';
import { loadModelDescription } from '../../../traffic/model-description.js';
import { loadTestRows, type TestRow } from '../../../traffic/test-rows.js';
import type { Answer, ExampleStack } from './example-stack.js';

/** Rows of test.csv by what the service says of the model. */
export async function loadRows({ stack, folder }: ExampleStack, model: string): Promise<TestRow[]> {
  const client = createHttpClient({ url: stack.serviceUrl, connections: 1, timeoutMs: 10_000 });
  try {
    return await loadTestRows(join(folder, 'test.csv'), await loadModelDescription(client, model));
  } finally {
    client.close();
  }
}

/** Errors of the answers, and of always answering the commonest class or the mean. */
export function errorsOf(rows: TestRow[], answers: Answer[]): { model: number; baseline: number } {
  const targets = rows.map(({ target }) => target);
  if (answers[0]!.value !== undefined) {
    const middle = mean(targets.map(Number));
    return {
      model: mean(answers.map(({ value }, i) => Math.abs(value! - Number(targets[i])))),
      baseline: mean(targets.map((target) => Math.abs(middle - Number(target)))),
    };
  }
  const counts = [...new Set(targets)].map((name) => targets.filter((target) => target === name).length);
  return {
    model: answers.filter(({ label }, i) => label !== targets[i]).length / rows.length,
    baseline: 1 - Math.max(...counts) / rows.length,
  };
}
