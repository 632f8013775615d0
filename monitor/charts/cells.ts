import { OTHER, type SubjectProfile } from '../../core/reference/profile.js';

/** A cell of a distribution as it is shown: what it holds, and its share of the rows of both windows, in [0, 1]. */
export interface DistributionCell {
  /** `bin`: [from, to); `below` and `above`: what lies outside the bins; `category`; `other`: categories that are not shown, or have no cell of their own; `unseen`; `missing`. */
  type: 'bin' | 'below' | 'above' | 'category' | 'other' | 'unseen' | 'missing';
  /** The category, the interval or the value in words. */
  label: string;
  from?: number;
  to?: number;
  reference_share: number;
  current_share: number;
}

/** Bins that a numeric distribution is shown in, between its outermost reference percentiles. */
const SHOWN_BINS = 24;
/** Up to so many fine bins a subject is shown bin by bin: its values are few. */
const MOST_SINGLE_BINS = 12;
const MOST_CATEGORIES = 12;

/**
 * The distribution of a subject in reference and current window, in cells for people: categories (the largest dozen),
 * single values where they are few, or two dozen bins of equal width. Within a frozen bin rows are taken as spread evenly,
 * since no more is known; the shares of both windows each sum to 1 (to 0 for a window without rows).
 * @param current  counts over the frozen cells; undefined where there are no rows
 */
export function distributionCells(
  subject: SubjectProfile,
  current: ArrayLike<number> = new Array<number>(subject.counts.length).fill(0),
): DistributionCell[] {
  const reference = shares(subject.counts);
  const now = shares(current);
  const odd = (type: 'unseen' | 'missing', at: number): DistributionCell[] =>
    reference[at]! + now[at]! > 0
      ? [{ type, label: type, reference_share: reference[at]!, current_share: now[at]! }]
      : [];
  const last = subject.counts.length - 1;
  if (subject.categories) {
    const cells = subject.categories.map((label, i): DistributionCell => {
      const shared = { reference_share: reference[i]!, current_share: now[i]! };
      const isOther = subject.hasOther && label === OTHER;
      return isOther ? { type: 'other', label: 'all rarer ones', ...shared } : { type: 'category', label, ...shared };
    });
    return [...largest(cells), ...odd('unseen', last - 1), ...odd('missing', last)];
  }
  const bins = numericCells(subject.edges ?? [], reference, now);
  return [...bins, ...odd('missing', last)];
}

function shares(counts: ArrayLike<number>): number[] {
  const list = Array.from(counts);
  const rows = list.reduce((sum, n) => sum + n, 0);
  return list.map((n) => (rows === 0 ? 0 : n / rows));
}

/** In their own order; beyond a dozen the largest of them, and the others as one. */
export function largest(cells: DistributionCell[]): DistributionCell[] {
  if (cells.length <= MOST_CATEGORIES) return cells;
  const size = (cell: DistributionCell): number => Math.max(cell.reference_share, cell.current_share);
  const kept = new Set([...cells].sort((a, b) => size(b) - size(a)).slice(0, MOST_CATEGORIES - 1));
  const others = cells.filter((cell) => !kept.has(cell));
  const sum = (pick: (cell: DistributionCell) => number): number => others.reduce((total, c) => total + pick(c), 0);
  const label = `${others.length.toLocaleString('en-US')} other categories`;
  const other = {
    reference_share: sum((c) => c.reference_share),
    current_share: sum((c) => c.current_share),
  };
  return [...cells.filter((cell) => kept.has(cell)), { type: 'other', label, ...other }];
}

function numericCells(edges: number[], reference: number[], current: number[]): DistributionCell[] {
  const low = edges[0];
  const high = edges.at(-1);
  if (low === undefined || high === undefined) {
    return [{ type: 'bin', label: 'any value', reference_share: reference[0]!, current_share: current[0]! }];
  }
  if (edges.length + 1 <= MOST_SINGLE_BINS) return singleCells(edges, reference, current);
  const width = (high - low) / SHOWN_BINS;
  const bins = Array.from({ length: SHOWN_BINS }, (_, i): DistributionCell => {
    const [from, to] = [low + i * width, i === SHOWN_BINS - 1 ? high : low + (i + 1) * width];
    const label = `${shown(from)} to ${shown(to)}`;
    return { type: 'bin', label, from, to, reference_share: 0, current_share: 0 };
  });
  for (let bin = 1; bin < edges.length; bin++) {
    spreadBin({ from: edges[bin - 1]!, to: edges[bin]! }, { low, width }, bins, (cell, part) => {
      cell.reference_share += part * reference[bin]!;
      cell.current_share += part * current[bin]!;
    });
  }
  return [
    outer('below', low, reference[0]!, current[0]!),
    ...bins,
    outer('above', high, reference.at(-2)!, current.at(-2)!),
  ];
}

function spreadBin(
  bin: { from: number; to: number },
  shownBins: { low: number; width: number },
  cells: DistributionCell[],
  add: (cell: DistributionCell, part: number) => void,
): void {
  const at = (value: number): number =>
    Math.max(0, Math.min(cells.length - 1, Math.floor((value - shownBins.low) / shownBins.width)));
  const [first, last] = [at(bin.from), at(bin.to)];
  // A value that repeats has a bin narrower than any shown one: all of it goes where its middle is.
  if (first === last || bin.to - bin.from < shownBins.width / 100) {
    add(cells[at(bin.from / 2 + bin.to / 2)]!, 1);
    return;
  }
  for (let i = first; i <= last; i++) {
    const overlap = Math.min(bin.to, cells[i]!.to!) - Math.max(bin.from, cells[i]!.from!);
    if (overlap > 0) add(cells[i]!, overlap / (bin.to - bin.from));
  }
}

/** Bin by bin; bins around a value that repeats are named by it, and bins that no row is in are left out. */
function singleCells(edges: number[], reference: number[], current: number[]): DistributionCell[] {
  const cells = Array.from({ length: edges.length + 1 }, (_, i): DistributionCell => {
    const [from, to] = [edges[i - 1], edges[i]];
    const common = { reference_share: reference[i]!, current_share: current[i]! };
    if (from === undefined) return outer('below', to!, common.reference_share, common.current_share);
    if (to === undefined) return outer('above', from, common.reference_share, common.current_share);
    const middle = from / 2 + to / 2;
    const single = to - from <= Math.max(Math.abs(middle) * 1e-5, 1e-11);
    return { type: 'bin', label: single ? shown(middle) : `${shown(from)} to ${shown(to)}`, from, to, ...common };
  });
  return cells.filter((cell) => cell.reference_share + cell.current_share > 0);
}

function outer(type: 'below' | 'above', edge: number, reference: number, current: number): DistributionCell {
  const label = type === 'below' ? `below ${shown(edge)}` : `${shown(edge)} or more`;
  return {
    type,
    label,
    ...(type === 'below' ? { to: edge } : { from: edge }),
    reference_share: reference,
    current_share: current,
  };
}

function shown(value: number): string {
  const text = String(Number(value.toPrecision(4)));
  return text === '-0' ? '0' : text;
}
