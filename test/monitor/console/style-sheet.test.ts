import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import express from 'express';
import { expect, test } from 'vitest';
import { listenOn } from '../../../core/http/listen.js';
import { packagePath } from '../../../core/package-path.js';
import { createAssets } from '../../../monitor/console/assets.js';
import { consoleStyle, reportStyle, STYLES_FOLDER } from '../../../monitor/console/style-sheet.js';

test('every part is in the style sheet once, and the typeface alone is not in that of reports', () => {
  const files = readdirSync(packagePath(STYLES_FOLDER));
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) {
    const part = readFileSync(packagePath(`${STYLES_FOLDER}/${file}`), 'utf8');
    expect(consoleStyle().split(part), file).toHaveLength(2);
    expect(reportStyle().includes(part), file).toBe(file !== 'font.css');
  }
});

test('what narrow screens and paper change stands after what they change', () => {
  const style = consoleStyle();
  const [narrow, print] = [style.indexOf('@media (max-width: 60rem)'), style.indexOf('@page')];
  expect(narrow).toBeGreaterThan(style.indexOf('.gate {'));
  expect(print).toBeGreaterThan(narrow);
});

test('the console is served one style sheet, which a browser may keep', async () => {
  const server = createServer(express().use('/assets', createAssets()));
  const port = await listenOn(server, { host: '127.0.0.1', port: 0, setting: 'MONITOR_PORT' });
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/assets/plumbline.css`);
    expect(await answer.text()).toBe(consoleStyle());
    expect(answer.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    expect(answer.headers.get('etag')).not.toBeNull();
  } finally {
    server.close();
  }
});
