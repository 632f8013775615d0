import type { Random } from '../../../core/random.js';
import type { Point } from './space.js';

/** A point that was tried and how it did: less is better. */
export interface Observed {
  readonly point: Point;
  readonly score: number;
}

/** Candidates drawn a suggestion, as in Bergstra et al. 2011. */
const DRAWS = 24;
/** Share of the observations that count as good. */
const GOOD_SHARE = 0.2;
/** Kernels are never narrower than this part of a dimension. */
const LEAST_WIDTH = 0.05;
/** Width of a kernel on one observation of one dimension; narrows with more of them (Scott 1992, section 6.3). */
const WIDTH = 0.25;

/**
 * Suggests where to try next by a tree-structured Parzen estimator (Bergstra et al. 2011, section 4; over all dimensions
 * jointly, as Falkner et al. 2018 do): one density is fitted to the best fifth of the observations and one to the others, and
 * of 24 draws from the first the one with the largest ratio of the two is taken. A uniform part is in both, so nothing is
 * ever out of reach; with no observation the draw is uniform.
 */
export function suggest(observed: readonly Observed[], dimensions: number, random: Random): Point {
  const sorted = [...observed].sort((a, b) => a.score - b.score);
  const count = Math.ceil(GOOD_SHARE * sorted.length);
  const good = kernels(sorted.slice(0, count), dimensions);
  const others = kernels(sorted.slice(count), dimensions);
  let best: Point = [];
  let bestRatio = -Infinity;
  for (let draw = 0; draw < DRAWS; draw++) {
    const point = drawFrom(good, dimensions, random);
    const ratio = logDensity(good, point) - logDensity(others, point);
    if (!(ratio > bestRatio)) continue;
    best = point;
    bestRatio = ratio;
  }
  return best;
}

/** A mixture of the uniform density and one kernel an observation, all of the same weight. */
interface Kernels {
  readonly centers: readonly Point[];
  readonly width: number;
}

function kernels(observed: readonly Observed[], dimensions: number): Kernels {
  const width = WIDTH * Math.max(1, observed.length) ** (-1 / (dimensions + 4));
  return { centers: observed.map(({ point }) => point), width: Math.max(LEAST_WIDTH, width) };
}

function drawFrom({ centers, width }: Kernels, dimensions: number, random: Random): Point {
  const center = centers[random.integer(centers.length + 1)];
  return Array.from({ length: dimensions }, (_, i) => {
    if (!center) return random.next();
    for (;;) {
      const coordinate = center[i]! + width * random.normal();
      if (coordinate >= 0 && coordinate <= 1) return coordinate;
    }
  });
}

/** Kernels are normal densities cut to [0, 1] in each dimension. */
function logDensity({ centers, width }: Kernels, point: Point): number {
  const logs = centers.map((center) =>
    point.reduce((sum, coordinate, i) => {
      const mass = normalShare((1 - center[i]!) / width) - normalShare(-center[i]! / width);
      const distance = (coordinate - center[i]!) / width;
      return sum - (distance * distance) / 2 - Math.log(width * Math.sqrt(2 * Math.PI) * mass);
    }, 0),
  );
  const all = [0, ...logs];
  const largest = Math.max(...all);
  const sum = all.reduce((total, log) => total + Math.exp(log - largest), 0);
  return largest + Math.log(sum / all.length);
}

/** The standard normal distribution function (Abramowitz & Stegun 1964, 26.2.17; error below 7.5e-8). */
function normalShare(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const series = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153];
  const tail =
    (t * series.reduce((sum, factor) => sum * t + factor, 0) * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
  return x >= 0 ? 1 - tail : tail;
}
