import { binOf, type SubjectProfile } from '../../../core/reference/profile.js';
import { sum } from '../cells.js';
import type { SubjectVerdict } from '../verdict.js';
import { percent, three } from '../words.js';
import { findUnitChange } from './unit-changes.js';

/** What a change of one subject looks like; all but `population` are signs of broken data. */
export type Signature = 'missing' | 'unseen' | 'constant' | 'error-code' | 'unit' | 'out-of-range' | 'population';

/** A signature with what was seen. */
export interface FoundSignature {
  signature: Signature;
  words: string;
}

/** What is known of a subject that exceeded. `values`: a sample of its current values without the missing ones. */
export interface SignatureInput {
  subject: SubjectProfile;
  counts: number[];
  verdict: Pick<SubjectVerdict, 'statistics'>;
  values: Float64Array | undefined;
}

/** One value in so many rows is stuck, where the reference had it in fewer than half. */
const STUCK_SHARE = 0.95;
/** So many rows beyond the reference's range are no population that moved. */
const FAR_OUT_SHARE = 0.9;
/** One value that makes up so much of what is out of range is a code, not a measurement. */
const CODE_SHARE = 0.5;
const LEAST_CODE_ROWS = 5;

/** What a change looks like: the first sign of broken data that is found, else a moved population. */
export function signatureOf(input: SignatureInput): FoundSignature {
  const found = [
    surge(input, 'missing'),
    surge(input, 'unseen'),
    constant(input),
    errorCode(input),
    unit(input),
    farOut(input),
  ];
  return found.find((one) => one !== undefined) ?? { signature: 'population', words: 'its distribution moved' };
}

/** More missing, or more unseen, than the reference gives reason for. Less is no sign of breakage. */
function surge({ subject, counts, verdict }: SignatureInput, method: 'missing' | 'unseen'): FoundSignature | undefined {
  const result = verdict.statistics.find((statistic) => statistic.method === method && statistic.exceeded);
  const fromEnd = method === 'missing' ? 1 : 2;
  const shareOf = (cells: number[]): number => cells.at(-fromEnd)! / sum(cells);
  if (!result || shareOf(counts) <= shareOf(subject.counts)) return undefined;
  return { signature: method, words: result.words ?? `${percent(result.value)} ${method}` };
}

function constant({ subject, counts, values }: SignatureInput): FoundSignature | undefined {
  if (subject.categories) {
    const present = counts.slice(0, -1);
    const most = present.indexOf(Math.max(...present));
    const share = present[most]! / sum(present);
    if (!isStuck(share, subject.counts[most]! / sum(subject.counts.slice(0, -1)))) return undefined;
    return { signature: 'constant', words: `${percent(share)} of its rows are of one category` };
  }
  const mode = values && mostFrequent(values);
  if (!mode) return undefined;
  const reference = subject.counts[binOf(subject.edges ?? [], mode.value)]! / sum(subject.counts);
  if (!isStuck(mode.share, reference)) return undefined;
  return { signature: 'constant', words: `stuck: one value in ${percent(mode.share)} of its rows` };
}

function isStuck(share: number, referenceShare: number): boolean {
  return share >= STUCK_SHARE && referenceShare < 0.5;
}

/** One value that stands for much of what the reference has no row of. */
function errorCode({ subject, values }: SignatureInput): FoundSignature | undefined {
  const outside = values && outOfReference(subject, values);
  const mode = outside && mostFrequent(outside);
  if (!mode || mode.rows < LEAST_CODE_ROWS || mode.share < CODE_SHARE) return undefined;
  const share = mode.rows / values.length;
  return { signature: 'error-code', words: `one value that the reference never has, in ${percent(share)} of its rows` };
}

/** All values in another unit, or a part of them: then the ones beyond the reference's range are. */
function unit({ subject, values }: SignatureInput): FoundSignature | undefined {
  if (!values || subject.categories) return undefined;
  const edges = subject.edges ?? [];
  const whole = findUnitChange(edges, subject.counts, values);
  const part = whole ?? findUnitChange(edges, subject.counts, outOfReference(subject, values));
  if (!part) return undefined;
  const { name, distance, distanceTakenBack } = part;
  const which = whole ? 'its values look' : 'a part of its values looks';
  return {
    signature: 'unit',
    words: `${which} ${name}: taken back, the Kolmogorov-Smirnov distance falls from ${three(distance)} to ${three(distanceTakenBack)}`,
  };
}

function farOut({ subject, counts }: SignatureInput): FoundSignature | undefined {
  if (subject.categories) return undefined;
  const present = sum(counts) - counts.at(-1)!;
  const share = present === 0 ? 0 : (counts[0]! + counts[subject.edges?.length ?? 0]!) / present;
  if (subject.edges?.length === 0 || share < FAR_OUT_SHARE) return undefined;
  return { signature: 'out-of-range', words: `${percent(share)} of its values lie outside the range of the reference` };
}

/** Values in cells where the reference has no row. */
function outOfReference(subject: SubjectProfile, values: Float64Array): Float64Array {
  const edges = subject.edges ?? [];
  return values.filter((value) => subject.counts[binOf(edges, value)] === 0);
}

function mostFrequent(values: Float64Array): { value: number; rows: number; share: number } | undefined {
  const rows = new Map<number, number>();
  for (const value of values) rows.set(value, (rows.get(value) ?? 0) + 1);
  const [first] = [...rows].sort((a, b) => b[1] - a[1]);
  return first && { value: first[0], rows: first[1], share: first[1] / values.length };
}
