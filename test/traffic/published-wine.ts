import { findData } from '../helpers/tool.js';

/** Path of the publisher's winequality-white.csv; undefined when it is not there. */
export const publishedWine = findData('winequality-white.csv');
