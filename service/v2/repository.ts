import type { IncomingMessage } from 'node:http';
import type { Queryable } from '../../core/postgres/pool.js';
import { ServiceError } from '../errors.js';
import type { BodyBudget } from '../http/body-budget.js';
import { malformed, parseJson, readBody } from '../http/read-body.js';
import type { Champions } from '../models/champions.js';
import { findVersion } from './find-model.js';
import { readFlag } from './infer/parameters.js';

/** What the repository extension works with. */
export interface RepositoryOptions {
  pool: Queryable;
  champions: Champions;
  bodies: BodyBudget;
}

/** A version in the repository's index. */
interface IndexEntry {
  name: string;
  version: string;
  state: 'READY' | 'UNAVAILABLE';
  reason: string;
}

/** Every version of the registry: READY where it answers. With `{"ready": true}` those only, which needs no database. */
export async function indexRepository(options: RepositoryOptions, request: IncomingMessage): Promise<IndexEntry[]> {
  const body = await readOptions(request, options.bodies);
  const ready = options.champions
    .list()
    .map(({ name, version }): IndexEntry => ({ name, version: String(version), state: 'READY', reason: '' }));
  if (readFlag(body, 'ready', '')) return ready;
  const { rows } = await options.pool.query<{ name: string; version: string; state: string }>(
    `select model_name as name, model_version::text as version, state
       from model_versions order by model_name, model_version`,
  );
  return rows.map(({ name, version, state }) => {
    const loaded = ready.find((entry) => entry.name === name && entry.version === version);
    return loaded ?? { name, version, state: 'UNAVAILABLE', reason: reasonOf(state) };
  });
}

function reasonOf(state: string): string {
  return state === 'champion' ? 'not loaded yet, or it could not be loaded' : `${state}; only the champion answers`;
}

/** Says that a model is loaded. Loading follows the registry, so there is nothing to do for one that is not. @throws ServiceError */
export async function loadModel({ champions }: RepositoryOptions, name: string): Promise<object> {
  return { name: findVersion(champions, name).name, load: true };
}

/** Refuses: a model goes when the registry says so. @throws ServiceError always, 404 for an unknown model */
export async function unloadModel({ champions }: RepositoryOptions, name: string): Promise<object> {
  findVersion(champions, name);
  const message = `model ${JSON.stringify(name)} cannot be unloaded: what is served follows the registry, so promote another version in its place`;
  throw new ServiceError(400, 'invalid_request', message);
}

async function readOptions(request: IncomingMessage, bodies: BodyBudget): Promise<Record<string, unknown>> {
  const bytes = await readBody(request, bodies);
  if (bytes.length === 0) return {};
  const body = parseJson(bytes);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw malformed('the body is no JSON object');
  return body as Record<string, unknown>;
}
