import type { FinalState } from './jobs/runs.js';

/** Thrown by a stage that ends a run: no fault of ours, but a result with its reason. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  constructor(
    readonly state: FinalState,
    reason: string,
  ) {
    super(reason);
  }
}

/** Thrown when a run has to wait for more outcomes. */
export class NotEnoughOutcomes extends Error {
  override readonly name = 'NotEnoughOutcomes';
}

/** Thrown when a run may not begin yet: it stays on the queue until then. */
export class TooSoon extends Error {
  override readonly name = 'TooSoon';
  constructor(
    reason: string,
    readonly mayBeginAt: Date,
  ) {
    super(reason);
  }
}
