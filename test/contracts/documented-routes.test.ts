import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { packagePath } from '../../core/package-path.js';
import { ROUTES } from '../../service/metrics/http.js';

const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(packagePath(folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`);
const read = (file: string): string => readFileSync(packagePath(file), 'utf8');

/** Routes that the monitor and the trainer name in their code, as "GET /v1/models/:model/windows". */
const inCode = ['monitor', 'trainer']
  .flatMap((folder) => filesIn(folder, '.ts'))
  .flatMap((file) => [...read(file).matchAll(/\b(?:app|router)\.(get|post)\('(\/[^']*)'/g)])
  .map(([, method, path]) => `${method!.toUpperCase()} ${path}`);
const ofService = Object.entries(ROUTES).flatMap(([path, methods]) => methods.map((method) => `${method} ${path}`));
const routes = [...inCode, ...ofService].map((route) => new RegExp(`^${route.replace(/:\w+|\{\w+\}/g, '[^/]+')}$`));
const exists = (request: string): boolean => routes.some((route) => route.test(request));

const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md']
  .concat(['docs', 'examples', 'traffic', 'grafana', 'prometheus'].flatMap((folder) => filesIn(folder, '.md')))
  .map((name) => ({ name, text: read(name) }));

/** What a document says can be asked for, without its query; what stands in `[]` may be left out, so both forms. */
function requestsIn(text: string): string[] {
  const named = [...text.matchAll(/\b(GET|POST|PUT|PATCH|DELETE) (\/[^\s`|)?]*)/g)].map((m) => `${m[1]} ${m[2]}`);
  return named.flatMap((request) => [request.replace(/\[.*?\]/g, ''), request.replace(/[[\]]/g, '')]);
}

test('routes are read off code and documents', () => {
  expect(inCode).toEqual(expect.arrayContaining(['POST /v1/alerts', 'GET /v1/models/:model/reports/:kind']));
  expect(exists('GET /v1/models/wine/windows')).toBe(true);
  expect(exists('POST /v1/outcomes')).toBe(false);
  expect(requestsIn('`GET /v2/models/{m}[/versions/{v}]/ready?x=1`, POST /v1/a.')).toEqual([
    'GET /v2/models/{m}/ready',
    'GET /v2/models/{m}/versions/{v}/ready',
    'POST /v1/a.',
    'POST /v1/a.',
  ]);
  expect(documents.flatMap(({ text }) => requestsIn(text)).length).toBeGreaterThan(40);
});

test.each(documents)('$name names only routes that exist', ({ text }) => {
  expect(requestsIn(text).filter((request) => !exists(request))).toEqual([]);
});

test.each(documents)('$name asks only for addresses that exist', ({ text }) => {
  const paths = [...text.matchAll(/127\.0\.0\.1:808[0-2](\/[^\s'"`?)>,:]*)/g)].map((match) => match[1]!);
  expect(paths.filter((path) => !exists(`GET ${path}`) && !exists(`POST ${path}`))).toEqual([]);
});
