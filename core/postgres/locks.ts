/**
 * First keys of the advisory locks, all in one place as they share one space in a database: two uses of one number would
 * wait for, or be taken for, each other.
 */
export const LOCKS = {
  /** Held while the schema is brought up to date; a lock of one key. */
  migration: 7_586_231,
  /** Held by a trainer's worker while it lives; the second key is the hash of its id. */
  worker: 7_586_232,
  /** Held by the monitor that works on a model; the second key is the hash of the model's name. */
  watchedModel: 7_586_233,
  /** Held while outcomes of a model are stored; the second key is the hash of the model's name. */
  outcomes: 7_586_234,
  /** Held while sums or windows of a model's performance are written; the second key is the hash of the model's name. */
  performance: 7_586_235,
  /** Held while a day of predictions is dropped; shared by whoever stores predictions that are old, or counts all anew; a lock of one key. */
  retention: 7_586_236,
} as const;
