/** A non-decreasing piecewise linear function through (x[i], y[i]), constant outside; `x` ascends strictly. */
export interface Knots {
  x: number[];
  y: number[];
}

/** Rows of equal or pooled scores. */
interface Block {
  from: number;
  to: number;
  weight: number;
  sum: number;
}

/**
 * Least-squares non-decreasing fit of truths to scores by pool-adjacent-violators (Barlow et al. 1972), scores that tie
 * averaged first. Between pooled blocks it is interpolated linearly and outside it is constant, as
 * `sklearn.isotonic.IsotonicRegression(out_of_bounds="clip")` of scikit-learn 1.9.1 does, whose values it has.
 * @param scores  in any order, all finite
 * @param truths  0 or 1 (or any number) by score
 * @throws RangeError  no scores, or lengths differ
 */
export function fitIsotonic(scores: ArrayLike<number>, truths: ArrayLike<number>): Knots {
  if (scores.length === 0 || scores.length !== truths.length) {
    throw new RangeError(
      `fitIsotonic requires as many truths as scores, at least one: got ${truths.length} and ${scores.length}`,
    );
  }
  const blocks: Block[] = [];
  for (const next of tiedBlocks(scores, truths)) {
    blocks.push(next);
    for (let last = blocks.length - 1; last > 0 && mean(blocks[last - 1]!) >= mean(blocks[last]!); last--) {
      const pooled = blocks.pop()!;
      const into = blocks[last - 1]!;
      into.to = pooled.to;
      into.weight += pooled.weight;
      into.sum += pooled.sum;
    }
  }
  const knots: Knots = { x: [], y: [] };
  for (const block of blocks) {
    for (const x of block.from === block.to ? [block.from] : [block.from, block.to]) {
      knots.x.push(x);
      knots.y.push(mean(block));
    }
  }
  return knots;
}

function mean(block: Block): number {
  return block.sum / block.weight;
}

function tiedBlocks(scores: ArrayLike<number>, truths: ArrayLike<number>): Block[] {
  const order = Array.from(scores, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  const blocks: Block[] = [];
  for (const row of order) {
    const score = scores[row]!;
    const last = blocks.at(-1);
    if (last?.from === score) {
      last.weight++;
      last.sum += truths[row]!;
    } else blocks.push({ from: score, to: score, weight: 1, sum: truths[row]! });
  }
  return blocks;
}

/** The value of the function at a score. */
export function interpolate({ x, y }: Knots, score: number): number {
  const last = x.length - 1;
  if (score <= x[0]!) return y[0]!;
  if (score >= x[last]!) return y[last]!;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (x[middle]! <= score) low = middle;
    else high = middle;
  }
  const share = (score - x[low]!) / (x[high]! - x[low]!);
  return y[low]! + share * (y[high]! - y[low]!);
}
