import type { Task } from './dataset.js';

/** How the boosted trees are grown. Every field has a default in `DEFAULT_PARAMETERS`. */
export interface Parameters {
  /** Most iterations; one iteration grows one tree per output (softmax: one per class). */
  readonly iterations: number;
  /** Most trees in all, whatever the number of classes: bounds the time and the size of the model. */
  readonly trees: number;
  /** Factor on every leaf value, in (0, 1]. */
  readonly learningRate: number;
  /** Most leaves a tree; by default 31, and 15 for more than two classes, whose every iteration grows a tree per class. */
  readonly leaves: number;
  /** Fewest rows in a leaf; with few rows in all it is lowered to one row in 50, but not below 2. */
  readonly leafRows: number;
  /** Least sum of second derivatives in a leaf. */
  readonly leafHessian: number;
  /** Added to the sum of second derivatives of a leaf: pulls its value towards 0. */
  readonly l2: number;
  /** Added to `l2` when a category set is chosen out of more than 4 categories. */
  readonly categoryL2: number;
  /** Added to a category's second derivatives before the categories are sorted by gradient statistics. */
  readonly categorySmoothing: number;
  /** Fewest rows a category needs in a node to be put in a set there, and in all to be known to the model. */
  readonly categoryRows: number;
  /** Most categories in one set. */
  readonly setSize: number;
  /** Share of rows each iteration sees, in (0, 1]. */
  readonly rowShare: number;
  /** Share of features each tree sees, in (0, 1]; at least one. */
  readonly columnShare: number;
  /** Share of rows held out to find the number of iterations, in (0, 0.5]. */
  readonly heldOutShare: number;
  /** Iterations without a better held-out loss after which growth stops. */
  readonly patience: number;
  /** Iterations of the refit on all rows, as a multiple of the best number found with rows held out. */
  readonly refitFactor: number;
}

/** The defaults: learning rate, sampling, hold-out and refit factor as measured on five real data sets. */
export const DEFAULT_PARAMETERS: Parameters = Object.freeze({
  iterations: 500,
  trees: 5000,
  learningRate: 0.05,
  leaves: 31,
  leafRows: 20,
  leafHessian: 1e-3,
  l2: 0.1,
  categoryL2: 10,
  categorySmoothing: 10,
  categoryRows: 5,
  setSize: 32,
  rowShare: 0.8,
  columnShare: 0.8,
  heldOutShare: 0.1,
  patience: 50,
  refitFactor: 1.1,
});

const SOFTMAX_LEAVES = 15;

const RANGES: Record<keyof Parameters, { least: number; most: number; whole?: true; open?: true }> = {
  iterations: { least: 1, most: 10_000, whole: true },
  trees: { least: 1, most: 100_000, whole: true },
  learningRate: { least: 0, most: 1, open: true },
  leaves: { least: 2, most: 256, whole: true },
  leafRows: { least: 1, most: 1e9, whole: true },
  leafHessian: { least: 0, most: 1e9 },
  l2: { least: 0, most: 1e9 },
  categoryL2: { least: 0, most: 1e9 },
  categorySmoothing: { least: 0, most: 1e9 },
  categoryRows: { least: 1, most: 1e9, whole: true },
  setSize: { least: 1, most: 254, whole: true },
  rowShare: { least: 0, most: 1, open: true },
  columnShare: { least: 0, most: 1, open: true },
  heldOutShare: { least: 0, most: 0.5, open: true },
  patience: { least: 1, most: 10_000, whole: true },
  refitFactor: { least: 0.1, most: 10 },
};

/**
 * The defaults for a task with the given ones on top.
 * @throws RangeError  listing every parameter that is unknown or out of its range
 */
export function resolveParameters(task: Task, given: Partial<Parameters> = {}): Parameters {
  const problems: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    const range = Object.hasOwn(RANGES, name) ? RANGES[name as keyof Parameters] : undefined;
    if (range === undefined) problems.push(`${name} is not a parameter (known: ${Object.keys(RANGES).join(', ')})`);
    else if (!isInside(value, range)) {
      const kind = range.whole ? 'a whole number' : 'a number';
      problems.push(
        `${name} is ${value}, must be ${kind} ${range.open ? 'above' : 'from'} ${range.least} to ${range.most}`,
      );
    }
  }
  if (problems.length > 0) throw new RangeError(`train: ${problems.join('; ')}`);
  const leaves = task === 'multiclass' ? SOFTMAX_LEAVES : DEFAULT_PARAMETERS.leaves;
  return { ...DEFAULT_PARAMETERS, leaves, ...given };
}

function isInside(value: unknown, range: { least: number; most: number; whole?: true; open?: true }): boolean {
  if (typeof value !== 'number' || Number.isNaN(value)) return false;
  if (range.whole && !Number.isInteger(value)) return false;
  return (range.open ? value > range.least : value >= range.least) && value <= range.most;
}
