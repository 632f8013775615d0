import type { SubjectCounts } from '../windows/buckets.js';
import type { Window } from '../windows/window.js';

/** One window of a history: what it counts, and what it is called. */
export interface PastWindow {
  /** Its start in UTC, or its rows in the file. */
  label: string;
  window: Window;
  counts: SubjectCounts[];
  /** Values of numeric features by name, for the cause; empty where rows are not at hand. */
  values: Map<string, Float64Array>;
}
