/** Writes the gradient at `at` and returns the value there. */
export type Objective = (at: Float64Array, gradient: Float64Array) => number;

const MEMORY = 10;
const LEAST_STEP = 1e-10;
/** Sufficient decrease of the line search (Nocedal & Wright 2006, section 3.1). */
const DECREASE = 1e-4;

/**
 * Minimises a smooth convex function from 0 by L-BFGS with a backtracking line search (Nocedal & Wright 2006, algorithms 7.4
 * and 3.1). Ends after `iterations`, or once no entry of the gradient exceeds `tolerance`.
 * @param size  number of variables
 */
export function minimise(
  objective: Objective,
  size: number,
  { iterations, tolerance }: { iterations: number; tolerance: number },
): Float64Array {
  let at = new Float64Array(size);
  let gradient = new Float64Array(size);
  let value = objective(at, gradient);
  const steps: Float64Array[] = [];
  const changes: Float64Array[] = [];
  for (let iteration = 0; iteration < iterations && largest(gradient) > tolerance; iteration++) {
    const direction = descend(gradient, steps, changes);
    const slope = dot(direction, gradient);
    if (!(slope < 0)) break;
    let length = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    const next = new Float64Array(size);
    const nextGradient = new Float64Array(size);
    let nextValue = Infinity;
    for (; length > LEAST_STEP; length /= 2) {
      for (let i = 0; i < size; i++) next[i] = at[i]! + length * direction[i]!;
      nextValue = objective(next, nextGradient);
      if (nextValue <= value + DECREASE * length * slope) break;
    }
    if (length <= LEAST_STEP) break;
    remember(steps, changes, difference(next, at), difference(nextGradient, gradient));
    at = next;
    gradient = nextGradient;
    value = nextValue;
  }
  return at;
}

/** The negative gradient times the approximate inverse Hessian (two-loop recursion). */
function descend(gradient: Float64Array, steps: Float64Array[], changes: Float64Array[]): Float64Array {
  const direction = gradient.map((entry) => -entry);
  const factors: number[] = [];
  for (let i = steps.length - 1; i >= 0; i--) {
    factors[i] = dot(steps[i]!, direction) / dot(steps[i]!, changes[i]!);
    addTo(direction, changes[i]!, -factors[i]!);
  }
  const last = steps.length - 1;
  if (last >= 0) {
    const scale = dot(steps[last]!, changes[last]!) / dot(changes[last]!, changes[last]!);
    for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  }
  for (let i = 0; i < steps.length; i++) {
    const back = dot(changes[i]!, direction) / dot(steps[i]!, changes[i]!);
    addTo(direction, steps[i]!, factors[i]! - back);
  }
  return direction;
}

function remember(steps: Float64Array[], changes: Float64Array[], step: Float64Array, change: Float64Array): void {
  // Without curvature along the step the approximation would not stay positive definite.
  if (dot(step, change) <= 1e-12 * dot(step, step)) return;
  steps.push(step);
  changes.push(change);
  if (steps.length <= MEMORY) return;
  steps.shift();
  changes.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addTo(to: Float64Array, of: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += factor * of[i]!;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((entry, i) => entry - b[i]!);
}

function largest(gradient: Float64Array): number {
  return gradient.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
}
