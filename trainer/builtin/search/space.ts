import { type Candidate, defaultCandidate, mostForestLeaves } from '../candidate.js';
import type { Dataset, Task } from '../dataset.js';
import type { Family } from '../model.js';
import { resolveParameters } from '../parameters.js';

/** One number that a search may choose. */
export interface Dimension {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Equal ratios are equally far apart. */
  readonly log?: true;
  readonly whole?: true;
}

/** A choice for every dimension of a family, in [0, 1] and in the order of the dimensions. */
export type Point = readonly number[];

/** What a search over one family chooses from. */
export interface Space {
  readonly family: Family;
  readonly dimensions: readonly Dimension[];
  /** Turns a point into a candidate. */
  candidateAt(point: Point): Candidate;
}

/** What a space depends on. */
export interface SpaceInput {
  readonly task: Task;
  readonly dataset: Dataset;
  readonly classCount: number;
  /** Features from the most to the least useful one: adds a dimension for how many of them are used. */
  readonly ranking?: readonly number[];
}

const BOOSTING: readonly Dimension[] = [
  { name: 'learningRate', least: 0.02, most: 0.2, log: true },
  { name: 'leaves', least: 3, most: 64, log: true, whole: true },
  { name: 'leafRows', least: 2, most: 100, log: true, whole: true },
  { name: 'l2', least: 0.01, most: 30, log: true },
  { name: 'rowShare', least: 0.5, most: 1 },
  { name: 'columnShare', least: 0.3, most: 1 },
];
const BOOSTING_CATEGORIES: readonly Dimension[] = [
  { name: 'categoryL2', least: 0.5, most: 50, log: true },
  { name: 'categorySmoothing', least: 1, most: 50, log: true },
];
const LINEAR: readonly Dimension[] = [{ name: 'l2', least: 1e-2, most: 1e3, log: true }];

function forest(classCount: number): readonly Dimension[] {
  return [
    { name: 'leaves', least: 8, most: mostForestLeaves(classCount), log: true, whole: true },
    { name: 'leafRows', least: 1, most: 30, log: true, whole: true },
    { name: 'rowShare', least: 0.3, most: 1 },
    { name: 'nodeShare', least: 0.2, most: 1 },
    { name: 'l2', least: 0.01, most: 10, log: true },
  ];
}

/** The choices of one family on one dataset. */
export function createSpace(family: Family, input: SpaceInput): Space {
  const { task, dataset, classCount, ranking } = input;
  const own = ownDimensions(family, input);
  const dimensions = [...own];
  if (task === 'regression' && dataset.target.every((value) => value > 0)) {
    dimensions.push({ name: 'logTarget', least: 0, most: 1, whole: true });
  }
  if (ranking) dimensions.push({ name: 'features', least: 1, most: ranking.length, whole: true });
  return {
    family,
    dimensions,
    candidateAt(point) {
      const values = new Map(dimensions.map((dimension, i) => [dimension.name, valueAt(dimension, point[i]!)]));
      const parameters = Object.fromEntries(own.map(({ name }) => [name, values.get(name)!]));
      const usual = defaultCandidate(family, task, dataset, classCount);
      const features = ranking ? ranking.slice(0, values.get('features')).sort((a, b) => a - b) : usual.features;
      const common = { logTarget: values.get('logTarget') === 1, features };
      if (usual.family === 'boosting') {
        return { family: 'boosting', ...common, parameters: resolveParameters(task, parameters) };
      }
      return { ...usual, ...common, parameters: { ...usual.parameters, ...parameters } } as Candidate;
    },
  };
}

function ownDimensions(family: Family, { dataset, classCount }: SpaceInput): readonly Dimension[] {
  if (family === 'linear') return LINEAR;
  if (family === 'forest') return forest(classCount);
  const hasCategories = dataset.columns.some(({ type }) => type === 'categorical');
  return hasCategories ? [...BOOSTING, ...BOOSTING_CATEGORIES] : BOOSTING;
}

/** The value of a dimension at a coordinate from 0 to 1; whole numbers have equal parts of it. */
export function valueAt({ least, most, log, whole }: Dimension, coordinate: number): number {
  const [low, high] = whole ? [least - 0.5, most + 0.5] : [least, most];
  const value = log ? low * (high / low) ** coordinate : low + (high - low) * coordinate;
  return whole ? Math.min(most, Math.max(least, Math.round(value))) : Math.min(most, Math.max(least, value));
}

/** The coordinate of a value, within [0, 1]: the other way round. */
export function coordinateOf({ least, most, log, whole }: Dimension, value: number): number {
  const [low, high] = whole ? [least - 0.5, most + 0.5] : [least, most];
  const share = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.min(1, Math.max(0, share));
}

/** Where a candidate of the space's family stands. */
export function pointOf(space: Space, candidate: Candidate): Point {
  const own: Readonly<Record<string, unknown>> = { ...candidate.parameters };
  return space.dimensions.map((dimension) => {
    const { name } = dimension;
    const value =
      name === 'logTarget' ? Number(candidate.logTarget) : name === 'features' ? candidate.features.length : own[name];
    return coordinateOf(dimension, Number(value));
  });
}
