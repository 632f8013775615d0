import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import express, { type Router } from 'express';
import { packagePath } from '../../core/package-path.js';
import { consoleStyle } from './style-sheet.js';

const FONT = 'inter-latin-wght-normal.woff2';

/** Style sheet (one of all its parts), scripts, icon and font of the console: files of this package and of the font's. */
export function createAssets(): Router {
  const fontFolder = join(
    dirname(createRequire(import.meta.url).resolve('@fontsource-variable/inter/package.json')),
    'files',
  );
  const style = consoleStyle();
  const router = express.Router();
  router.get('/plumbline.css', (_request, response) => {
    response.set('cache-control', 'public, max-age=300').type('css').send(style);
  });
  router.use(express.static(packagePath('monitor/console/assets'), { index: false, maxAge: '5m' }));
  router.get('/inter.woff2', (_request, response) => {
    response.sendFile(FONT, { root: fontFolder, maxAge: '7d', immutable: true });
  });
  return router;
}
