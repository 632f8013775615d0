import type { Manifest } from '../../core/manifest/manifest.js';
import { isNumber, sortValues } from './read-column.js';

/** What a target column means to a model. */
export interface TargetReading {
  task: Manifest['task'];
  /** In the order of the model's probabilities; empty for a regression. */
  classes: string[];
}

/** What a model tells of its classes. */
export interface ClassSigns {
  /** As the ONNX file lists them. */
  labels?: string[] | undefined;
  hasLabelOutput: boolean;
  /** Numbers a row of the float output; 0 without one. */
  width: number;
}

/** More different values are no classes of a model that does not say how many it has. */
const MOST_UNKNOWN_CLASSES = 100;

/**
 * Reads task and classes off a model and the values of the column that may be its target.
 * @param cells  of the column; none where there is no target
 * @param task  where a person said so
 * @returns what the column means, or why it cannot be the target
 */
export function readTarget(cells: string[], signs: ClassSigns, task?: Manifest['task']): TargetReading | string {
  if (cells.includes('')) return 'has empty cells';
  const values = sortValues(cells);
  const classifies = signs.hasLabelOutput || signs.labels !== undefined || signs.width > 1;
  const isRegression = task ? task === 'regression' : !classifies && values.length !== 2;
  if (isRegression) {
    if (classifies && signs.width > 1) return `is one number a row, and the model gives ${signs.width}`;
    const odd = values.find((value) => !isNumber(value));
    if (odd !== undefined) return `holds "${odd}", and the model answers with a number`;
    return { task: 'regression', classes: [] };
  }
  const classes = readClasses(values, signs);
  if (typeof classes === 'string') return classes;
  if (classes.length < 2) return `holds ${classes.length === 0 ? 'nothing' : `only "${classes[0]}"`}`;
  const found = classes.length === 2 ? 'binary' : 'multiclass';
  return task === 'binary' && found !== task ? `has ${classes.length} classes, not two` : { task: found, classes };
}

function readClasses(values: string[], { labels, width }: ClassSigns): string[] | string {
  if (labels && values.every((value) => labels.some((label) => sameLabel(label, value)))) return labels;
  const indices = labels === undefined || labels.every((label, i) => label === String(i));
  const odd = labels && values.find((value) => !labels.some((label) => sameLabel(label, value)));
  if (labels && !indices) return `holds "${odd}", which is none of the model's classes ${labels.join(', ')}`;
  const count = labels?.length ?? (width === 1 ? 2 : width);
  if (count === 0) return values.length <= MOST_UNKNOWN_CLASSES ? values : `holds ${values.length} different values`;
  // Labels that were made numbers for training: scikit-learn's LabelEncoder and pandas' codes number them in sorted order.
  if (values.length === count) return values;
  const numbers = Array.from({ length: count }, (_, i) => String(i));
  if (values.every((value) => numbers.includes(value))) return numbers;
  return `holds ${values.length} different values, and the model answers with ${count} classes; a regression gives one number a row`;
}

/** Whether two texts are the same class: 1 and 1.0 are, as pandas writes whole numbers beside missing ones with a point. */
export function sameLabel(a: string, b: string): boolean {
  return a === b || (isNumber(a) && isNumber(b) && Number(a) === Number(b));
}
