import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { packagePath } from '../../core/package-path.js';

const ROOT = packagePath('.');
const PROCESSES = ['service', 'monitor', 'trainer', 'traffic', 'cli'];
// docs/ describes the settings and metrics of all processes: the one place that may import them all.
const files = ['core', 'examples', ...PROCESSES].flatMap((folder) => typescriptFiles(join(ROOT, folder)));

interface Import {
  file: string;
  target: string;
}

const imports = files.flatMap(importsOf);

test('there are imports to look at', () => {
  expect(imports.length).toBeGreaterThan(100);
});

test('processes import core and themselves, never one another', () => {
  const wrong = imports.filter(({ file, target }) => {
    const from = file.split('/')[0]!;
    const to = target.startsWith('.') ? inRepository(file, target).split('/')[0]! : '';
    return to !== '' && to !== from && to !== 'core';
  });
  expect(wrong).toEqual([]);
});

test('each outside thing has one importer', () => {
  expect(importersOf('onnxruntime-node')).toEqual(['core/inference/onnx-session.ts']);
  expect(importersOf('pg').filter((file) => !file.startsWith('core/postgres/'))).toEqual([]);
  expect(importersOf('pg-copy-streams').filter((file) => !file.startsWith('core/postgres/'))).toEqual([]);
  expect(importersOf('protobufjs').filter((file) => !file.startsWith('core/onnx/'))).toEqual([]);
  expect(importersOf('hyparquet').filter((file) => !file.startsWith('cli/predict/files/'))).toEqual([]);
  expect(importersOf('graphile-worker').length).toBeLessThanOrEqual(1);
  expect(importersOf('node-cron').length).toBeLessThanOrEqual(1);
});

test('statistics import nothing but small libraries and one another', () => {
  const wrong = imports.filter(({ file, target }) => {
    if (!file.startsWith('monitor/statistics/')) return false;
    return target.startsWith('.')
      ? !inRepository(file, target).startsWith('monitor/statistics/')
      : !/^(simple-statistics|@stdlib\/)/.test(target);
  });
  expect(wrong).toEqual([]);
});

test('documents are made by files that nothing imports', () => {
  const makers = typescriptFiles(join(ROOT, 'docs')).map((file) => relative(ROOT, file));
  expect(makers.sort()).toEqual(['docs/generate-metrics.ts', 'docs/generate-settings.ts']);
  expect(
    imports.filter(({ file, target }) => target.startsWith('.') && inRepository(file, target).startsWith('docs/')),
  ).toEqual([]);
});

test('no source file is longer than 300 lines', () => {
  const long = files.map((file) => ({
    file: relative(ROOT, file),
    lines: readFileSync(file, 'utf8').split('\n').length - 1,
  }));
  expect(long.filter(({ lines }) => lines > 300)).toEqual([]);
});

function typescriptFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(path: string): Import[] {
  const file = relative(ROOT, path);
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/(?:from|import\(|^import)\s*'([^']+)'/gm)].map((match) => ({ file, target: match[1]! }));
}

function importersOf(name: string): string[] {
  return [
    ...new Set(
      imports.filter(({ target }) => target === name || target.startsWith(`${name}/`)).map(({ file }) => file),
    ),
  ].sort();
}

function inRepository(file: string, target: string): string {
  return relative(ROOT, resolve(ROOT, file, '..', target));
}
