import type { Method } from '../../core/manifest/methods.js';

/** How large a change is by one method, and from where it matters. */
export interface Effect {
  method: Method;
  value: number;
  threshold: number;
  /** The change in words, for the reason; undefined where number and threshold say it all. */
  words?: string;
}

/**
 * One test of one subject: whether sampling alone could have done it, and the effects that are measured by the same
 * comparison.
 */
export interface MethodTest {
  pValue: number;
  /** Effects of the methods that the manifest asks for; none: the test does not decide. */
  effects: Effect[];
}
