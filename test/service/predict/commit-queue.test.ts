import { expect, test } from 'vitest';
import { createCommitQueue } from '../../../service/predict/commit-queue.js';

/** A queue whose commits end when told to. */
function createStaged(maxRows: number) {
  const commits: { rows: number[]; end: (error?: Error) => void }[] = [];
  const queue = createCommitQueue<number>(
    (rows) =>
      new Promise((resolve, reject) => {
        commits.push({ rows, end: (error) => (error ? reject(error) : resolve()) });
      }),
    maxRows,
  );
  return { commits, queue, turn: () => new Promise(setImmediate) };
}

test('commits together what arrives together, and gathers the next group meanwhile', async () => {
  const { commits, queue, turn } = createStaged(10);
  const first = [queue([1]), queue([2, 3])];
  await turn();
  const second = [queue([4]), queue([5])];
  await turn();
  expect(commits.map((commit) => commit.rows)).toEqual([[1, 2, 3]]);
  commits[0]!.end();
  await Promise.all(first);
  await turn();
  expect(commits.map((commit) => commit.rows)).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
  commits[1]!.end();
  await Promise.all(second);
});

test('fails the group whose commit fails, and none after it', async () => {
  const { commits, queue, turn } = createStaged(10);
  const failing = Promise.allSettled([queue([1]), queue([2])]);
  await turn();
  const next = queue([3]);
  commits[0]!.end(new Error('away'));
  expect((await failing).map((result) => result.status)).toEqual(['rejected', 'rejected']);
  await turn();
  commits[1]!.end();
  await next;
});

test('keeps commits to the limit, except for a request that is larger by itself', async () => {
  const { commits, queue, turn } = createStaged(3);
  const all = Promise.all([queue([1, 2]), queue([3, 4]), queue([5, 6, 7, 8]), queue([9])]);
  for (let i = 0; i < 4; i++) {
    await turn();
    commits[i]!.end();
  }
  await all;
  expect(commits.map((commit) => commit.rows)).toEqual([[1, 2], [3, 4], [5, 6, 7, 8], [9]]);
});
