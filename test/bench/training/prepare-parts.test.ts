import { expect, test } from 'vitest';
import { type Parts, prepareParts } from '../../../bench/training/prepare-parts.js';
import { kickstarter } from '../../../examples/kickstarter/example.js';

const rows = kickstarter.generate(300, 1);
const parts: Parts = { columns: kickstarter.columns, train: rows.slice(0, 240), test: rows.slice(240) };

test('makes the eleven features of the example, the target last', async () => {
  const { columns, train, test: held } = await prepareParts(kickstarter, parts);
  expect(columns).toHaveLength(12);
  expect(columns.at(-1)).toBe('state');
  expect([train.length, held.length]).toEqual([240, 60]);
  const [project] = parts.test;
  expect(held[0]!.key).toBe(project!.key);
  expect(held[0]!.cells).toMatchObject({
    usd_goal: project!.cells.usd_goal,
    staff_pick: project!.cells.staff_pick,
    name_length: String(project!.cells.name).split(' ').length,
    state: project!.cells.state,
  });
});

test('takes the medians from the rows that are learned from alone', async () => {
  const dearer = parts.test.map((row) => ({ ...row, cells: { ...row.cells, usd_goal: 9e6 } }));
  const before = await prepareParts(kickstarter, parts);
  const after = await prepareParts(kickstarter, { ...parts, test: dearer });
  expect(after.train).toEqual(before.train);
  const [row, raised] = [before.test[0]!.cells, after.test[0]!.cells];
  const median = Number(row.usd_goal) - Number(row.goal_over_main_category);
  expect(9e6 - Number(raised.goal_over_main_category)).toBeCloseTo(median, 6);
});

test('says which column does not fit', async () => {
  const wrong = parts.test.map((row) => ({ ...row, cells: { ...row.cells, deadline: 'soon' } }));
  await expect(prepareParts(kickstarter, { ...parts, test: wrong })).rejects.toThrow(/column "deadline": "soon"/);
});
