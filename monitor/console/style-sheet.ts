import { readFileSync } from 'node:fs';
import { packagePath } from '../../core/package-path.js';

/** Folder of the parts, in the package. */
export const STYLES_FOLDER = 'monitor/console/assets/styles';

/** The parts by file name, in the order of the cascade: what narrow screens and paper change comes last. */
const PARTS = [
  'base',
  'frame',
  'verdict',
  'overview',
  'model',
  'tables',
  'charts',
  'keys',
  'prediction',
  'trainings',
  'moves',
  'sign-in',
  'narrow',
  'print',
] as const;

/** The style sheet of a report, a file that loads nothing: all parts but the typeface. */
export function reportStyle(): string {
  return PARTS.map(readPart).join('\n');
}

/** The style sheet of the console: its typeface, and the parts that reports have too. */
export function consoleStyle(): string {
  return `${readPart('font')}\n${reportStyle()}`;
}

function readPart(name: string): string {
  return readFileSync(packagePath(`${STYLES_FOLDER}/${name}.css`), 'utf8');
}
