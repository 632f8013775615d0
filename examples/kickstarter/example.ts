import type { Example, ExampleRow, SayProblem } from '../shared/example.js';
import { readNumber, readOneOf } from '../shared/read-cells.js';
import { generateProjects } from './generate.js';

const PUBLISHED_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

/**
 * Projects of Kickstarter as a web crawl found them in July 2023. What is known only after a campaign, such as the money
 * pledged and the number of backers, would tell its end and is left out.
 */
export const kickstarter: Example = {
  name: 'kickstarter',
  columns: [
    ...['name', 'blurb', 'usd_goal', 'main_category', 'sub_category', 'country', 'staff_pick'],
    ...['created_at', 'launched_at', 'deadline', 'state'],
  ],
  published: {
    file: 'kickstarter.csv',
    columns: [
      ...['id', 'name', 'blurb', 'usd_goal', 'main_category', 'sub_category', 'country', 'staff_pick'],
      ...['created_at', 'launched_at', 'deadline', 'state'],
    ],
    readRow,
  },
  usualRows: 12_000,
  generate: generateProjects,
  referenceShare: 0.6,
};

/** A project that was crawled twice is one project. */
function readRow(cells: Record<string, string>, say: SayProblem): ExampleRow {
  const text = (column: string): string => cells[column] ?? '';
  return {
    key: text('id'),
    cells: {
      name: text('name'),
      blurb: text('blurb'),
      usd_goal: readNumber(cells, 'usd_goal', say),
      main_category: text('main_category'),
      sub_category: text('sub_category'),
      country: text('country'),
      staff_pick: readOneOf(cells, 'staff_pick', ['True', 'False'], say) === 'True',
      created_at: readTime(cells, 'created_at', say),
      launched_at: readTime(cells, 'launched_at', say),
      deadline: readTime(cells, 'deadline', say),
      state: readOneOf(cells, 'state', ['successful', 'failed'], say),
    },
  };
}

/** The publisher's times are UTC and do not say so. */
function readTime(cells: Record<string, string>, column: string, say: SayProblem): string {
  const text = cells[column] ?? '';
  if (!PUBLISHED_TIME.test(text)) say(column, `"${text}" is not a time such as 2023-05-20 14:50:54`);
  return `${text.replace(' ', 'T')}Z`;
}
