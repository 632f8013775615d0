import { type Manifest, numericFeatures } from '../../core/manifest/manifest.js';
import { count, percent } from '../html/format.js';
import type { RefusedRequests } from '../quality/refused-requests.js';

// The manifest has no thresholds for these. The alert InvalidRequests has its own, a setting of the service, for all models of a route.
/** More rows than not repeat another row. */
const NOTABLE_DUPLICATES = 0.5;
/** One refused request to nineteen rows that were answered. */
const NOTABLE_REFUSED = 0.05;

/** Something about the rows as a whole that is worth a look. */
export interface RowFinding {
  name: string;
  words: string;
}

/**
 * What is to be said of repeated rows and refused requests. Rows of nothing but categories repeat each other by nature, and are
 * not held against a model. Requests are counted by the minute: of minutes that reach beyond the window, the part within counts.
 */
export function rowFindings(options: {
  manifest: Pick<Manifest, 'features'>;
  rows: number;
  duplicateShare: number | undefined;
  refused: RefusedRequests | undefined;
}): RowFinding[] {
  const { manifest, rows, duplicateShare = 0, refused } = options;
  const findings: RowFinding[] = [];
  if (duplicateShare >= NOTABLE_DUPLICATES && numericFeatures(manifest).length > 0) {
    findings.push({ name: 'repeated rows', words: `${percent(duplicateShare)} of the rows repeat another row` });
  }
  if (refused) {
    const all = refusedCount(refused);
    const within = all * refused.within;
    if (within > 0 && within >= NOTABLE_REFUSED * (rows + within)) {
      const words = `${count(all)} requests refused, ${count(rows)} rows answered`;
      findings.push({ name: 'refused requests', words });
    }
  }
  return findings;
}

/** How many requests were refused, whatever for. */
export function refusedCount({ byReason }: RefusedRequests): number {
  return Object.values(byReason).reduce((total, requests) => total + requests, 0);
}
