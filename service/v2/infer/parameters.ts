import { InvalidRequestError } from '../../errors.js';
import { kindOf } from '../../predict/describe-problem.js';

/** A bag of parameters: of a request, of an input or of a requested output. */
export type Parameters = Record<string, unknown>;

/** An object; null and absence, which some clients take for one another, are the empty one. @throws InvalidRequestError */
export function readParameters(value: unknown, path: string): Parameters {
  if (value === undefined || value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Parameters;
  throw requestError(`${path}parameters`, `is ${kindOf(value)}, wanted an object`, 'wrong_type');
}

/** A parameter that is true or false, or absent. @throws InvalidRequestError */
export function readFlag(parameters: Parameters, name: string, path: string): boolean | undefined {
  const value = parameters[name];
  if (value === undefined || value === null || typeof value === 'boolean') return value ?? undefined;
  throw requestError(`${path}parameters.${name}`, `is ${kindOf(value)}, wanted true or false`, 'wrong_type');
}

/** The error for one part of a request. */
export function requestError(
  path: string,
  message: string,
  reason: ConstructorParameters<typeof InvalidRequestError>[0] = 'wrong_shape',
): InvalidRequestError {
  return new InvalidRequestError(reason, [{ path, message }]);
}
