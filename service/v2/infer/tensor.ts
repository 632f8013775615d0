import { InvalidRequestError } from '../../errors.js';
import type { Datatype } from './datatypes.js';

/** One element of an input; null is a missing value. */
export type Element = number | string | boolean | null;

/** An input tensor of a request. Its shape is checked; elements are read, and checked, as they are asked for. */
export interface Tensor {
  name: string;
  datatype: Datatype;
  shape: number[];
  /** The element at a row-major index. @throws InvalidRequestError when it does not fit the datatype */
  at(index: number): Element;
}

/** The error for an input tensor, under its name. */
export function inputError(
  name: string,
  message: string,
  reason: ConstructorParameters<typeof InvalidRequestError>[0] = 'wrong_shape',
): InvalidRequestError {
  return new InvalidRequestError(reason, [{ path: `input ${JSON.stringify(name.slice(0, 200))}`, message }]);
}
