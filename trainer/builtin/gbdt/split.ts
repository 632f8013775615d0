/** Sums over the rows of a node. */
export interface NodeSums {
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
}

/** What every split has to keep to. */
export interface SplitLimits {
  readonly leafRows: number;
  readonly leafHessian: number;
  readonly l2: number;
  readonly categoryL2: number;
  readonly categorySmoothing: number;
  readonly categoryRows: number;
  readonly setSize: number;
}

/** The best split of a node found so far; overwritten in place while features are scanned. `gain` 0 means none yet. */
export interface BestSplit {
  feature: number;
  /** Fall of the loss (in units of half the squared-gradient score), > 0 for a real split. */
  gain: number;
  missingLeft: boolean;
  /** Numeric: bins 1 to `lastBin` go left. Categorical: 0. */
  lastBin: number;
  /** Categorical: the bins that go left are the first `setSize` of `set`. Numeric: 0. */
  setSize: number;
  readonly set: Uint8Array;
  leftGradient: number;
  leftHessian: number;
  leftRows: number;
}

/** A best split to be filled, with nothing found yet. */
export function createBestSplit(): BestSplit {
  return {
    feature: -1,
    gain: 0,
    missingLeft: false,
    lastBin: 0,
    setSize: 0,
    set: new Uint8Array(255),
    leftGradient: 0,
    leftHessian: 0,
    leftRows: 0,
  };
}

/** How good a leaf with these sums is: twice the fall of the second-order loss at its best value (Chen & Guestrin 2016, eq. 6). */
export function leafScore(gradient: number, hessian: number, l2: number): number {
  return (gradient * gradient) / (hessian + l2);
}

/** Fills a table of 256 flags: whether rows in a bin go left at this split. Bin 0 is missing values. */
export function fillGoesLeft(split: BestSplit, goesLeft: Uint8Array): void {
  goesLeft.fill(0);
  if (split.setSize > 0) for (let i = 0; i < split.setSize; i++) goesLeft[split.set[i]!] = 1;
  else goesLeft.fill(1, 1, split.lastBin + 1);
  goesLeft[0] = split.missingLeft ? 1 : 0;
}
