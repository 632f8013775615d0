import { ModelNotFoundError, ServiceError } from '../errors.js';
import type { Caller } from '../models/canary.js';
import type { Champions, Pinned } from '../models/champions.js';
import type { ServingModel } from '../models/serving-model.js';

/**
 * The champion of a model, pinned, where no version or its own is asked for; without a version its canary may answer `caller`.
 * Other versions are not held in memory.
 * Call `release` once. @throws ServiceError 404 for an unknown model or version, ModelNotReadyError
 */
export function pinVersion(
  champions: Pick<Champions, 'pin'>,
  name: string,
  version: string | undefined,
  caller?: Caller,
): Pinned {
  const pinned = pinKnown(champions, name, version === undefined ? caller : undefined);
  const { version: champion } = pinned.model;
  if (version === undefined || version === String(champion)) return pinned;
  pinned.release();
  const shown = JSON.stringify(version.slice(0, 50));
  throw new ServiceError(
    404,
    'model_not_found',
    `Model ${JSON.stringify(name)} with version ${shown} not found; only the champion answers, which is version ${champion}`,
  );
}

/** The same for reading what a model is; nothing may be run. */
export function findVersion(champions: Pick<Champions, 'pin'>, name: string, version?: string): ServingModel {
  const pinned = pinVersion(champions, name, version);
  pinned.release();
  return pinned.model;
}

function pinKnown(champions: Pick<Champions, 'pin'>, name: string, caller: Caller | undefined): Pinned {
  try {
    return champions.pin(name, caller);
  } catch (error) {
    if (!(error instanceof ModelNotFoundError)) throw error;
    // "Request for unknown model" is what clients of other servers look for.
    const message = `Request for unknown model: ${JSON.stringify(name.slice(0, 200))} is not served here; GET /v2/models lists those that are`;
    throw new ServiceError(404, 'model_not_found', message);
  }
}
