import type { FinalState } from './jobs/runs.js';

/** What may keep a run from beginning, or end it before it trains. */
export const GUARDS = [
  'no-champion',
  'other-version',
  'busy',
  'paused',
  'broken-data',
  'cool-down',
  'budget',
  'too-few-labels',
] as const;
export type Guard = (typeof GUARDS)[number];

/** Thrown by a stage that ends a run: no fault of ours, but a result with its reason. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  constructor(
    readonly state: FinalState,
    reason: string,
    readonly guard: Guard | null = null,
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
    readonly guard: Guard,
    reason: string,
    readonly mayBeginAt: Date,
  ) {
    super(reason);
  }
}
