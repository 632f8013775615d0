import type { WindowReferenceProfile } from '../verdicts/reference-of.js';
import type { SubjectCounts } from '../windows/buckets.js';
import type { Window } from '../windows/window.js';

/** One window of a history: what it counts, and what it is called. */
export interface PastWindow {
  /** Which of the configuration's windows it is one of. */
  windowName: string;
  /** Its start in UTC, or its rows in the file. */
  label: string;
  window: Window;
  counts: SubjectCounts[];
  reference: WindowReferenceProfile;
  /** A sample of the values of numeric features by name, missing ones left out, for the cause; without any where its rows are gone. */
  sampleValues: (names: string[]) => Promise<Map<string, Float64Array>>;
}
