import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packagePath } from '../../core/package-path.js';

const folder = process.env.TEST_DATA_FOLDER ?? join(dirname(packagePath('.')), 'shared', 'data');
const file = join(folder, 'winequality-white.csv');

/** Path of the publisher's winequality-white.csv, in TEST_DATA_FOLDER or in ../shared/data; undefined when it is not there. */
export const publishedWine = existsSync(file) ? file : undefined;
