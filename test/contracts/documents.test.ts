import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packagePath } from '../../core/package-path.js';

const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'traffic/README.md',
  ...['belo-horizonte', 'car-purchase', 'kickstarter', 'obesity', 'wine-quality'].map(
    (name) => `examples/${name}/README.md`,
  ),
  'grafana/README.md',
]
  .concat(readdirSync(packagePath('docs'), { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name)))
  .filter((name) => name.endsWith('.md'));

const read = (name: string): string => readFileSync(packagePath(name), 'utf8');

describe.each(documents)('%s', (name) => {
  test('names only files that exist', () => {
    const paths = [
      ...read(name).matchAll(
        /`((?:core|service|monitor|trainer|traffic|cli|examples|test|docs|prometheus|grafana)\/[\w./-]*)`/g,
      ),
    ].map((m) => m[1]!);
    expect(paths.filter((path) => !existsSync(packagePath(path)))).toEqual([]);
  });
  test('links only to files that exist', () => {
    const folder = join(name, '..');
    const links = [...read(name).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)[^)]*\)/g)].map((m) => join(folder, m[1]!));
    expect(links.filter((path) => !existsSync(packagePath(path)))).toEqual([]);
  });
  test('uses only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const used = [...read(name).matchAll(/npm run ([\w:-]+)/g)].map((m) => m[1]!);
    expect(used.filter((script) => !(script in scripts))).toEqual([]);
  });
});

test('README.md leads to every document that is meant for a reader', () => {
  const links = [...read('README.md').matchAll(/\]\(([\w./-]+\.md)[^)]*\)/g)].map((m) => m[1]!);
  const examples = readdirSync(packagePath('examples'), { withFileTypes: true })
    .map(({ name }) => join('examples', name, 'README.md'))
    .filter((path) => existsSync(packagePath(path)));
  expect(examples.length).toBeGreaterThan(1);
  // Single pages of the runbook and single decisions are led to by their own lists.
  const wanted = [...documents.filter((name) => !/^docs\/(runbook|decisions)\/(?!README)/.test(name)), ...examples];
  const inNone = wanted.filter((name) => !links.includes(name) && name !== 'README.md');
  expect(inNone).toEqual([]);
});

test('ARCHITECTURE.md names functions where they stand', () => {
  const rows = [...read('ARCHITECTURE.md').matchAll(/^\|[^|]+\| `([\w./-]+\.ts)` \| `([\w.]+)` \|$/gm)];
  expect(rows.length).toBeGreaterThan(8);
  const lost = rows.filter(([, file, what]) => !read(file!).includes(what!)).map(([row]) => row);
  expect(lost).toEqual([]);
});
