import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { packagePath } from '../../core/package-path.js';
import type { Queryable } from '../../core/postgres/pool.js';
import { type DataPathOptions, isCounted, logFailure } from '../data-path.js';
import { ModelNotReadyError, ServiceError } from '../errors.js';
import { type RequestContext, readContext } from '../http/context.js';
import { finishRequest } from '../http/finish.js';
import { toServiceError } from '../http/problem.js';
import { ROUTES } from '../metrics/http.js';
import { describeModel, describeServer, listModels } from './describe.js';
import { findVersion } from './find-model.js';
import { infer } from './infer/infer.js';
import { errorReply, jsonReply, type Reply, sendReply } from './reply.js';
import { indexRepository, loadModel, unloadModel } from './repository.js';
import { type Match, matchRoute, type V2Route } from './route.js';

/** What /v2 works with. */
export interface V2Options extends DataPathOptions {
  pool: Queryable;
  /** Whether predictions can be answered now. */
  isReady: () => Promise<boolean>;
  /** Rows of one inference request at most. */
  maxInstances: number;
}

/** What probes ask for: answered without an API key, too. */
const OPEN_ROUTES: ReadonlySet<V2Route> = new Set([
  '/v2',
  '/v2/health/live',
  '/v2/health/ready',
  '/v2/models/{model}/ready',
  '/v2/models/{model}/versions/{version}/ready',
]);

interface Call extends Match {
  request: IncomingMessage;
  context: RequestContext;
}
type Routes = Record<V2Route, (call: Call) => Reply | Promise<Reply>>;

/**
 * Handles everything below `/v2`, the Open Inference Protocol, right on `node:http` as the data path does.
 * @returns a function that says whether the request was one for it
 */
export function createV2(options: V2Options): (request: IncomingMessage, response: ServerResponse) => boolean {
  const routes = createRoutes(options);
  return (request, response) => {
    if (!/^\/v2(?:[/?]|$)/.test(request.url ?? '')) return false;
    void handle(options, routes, request, response);
    return true;
  };
}

function createRoutes(options: V2Options): Routes {
  const { champions } = options;
  const { version } = JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as { version: string };
  const metadata = ({ model, version }: Call): Reply =>
    jsonReply(describeModel(findVersion(champions, model, version)));
  const ready = ({ model, version }: Call): Reply =>
    jsonReply({ name: findVersion(champions, model, version).name, ready: true });
  const inferWith = (call: Call): Promise<Reply> => infer(options, call, call.request, call.context);
  return {
    '/v2': () => jsonReply(describeServer(version)),
    '/v2/health/live': () => jsonReply({ live: true }),
    '/v2/health/ready': async () => {
      const ready = await options.isReady();
      return jsonReply({ ready }, ready ? 200 : 503);
    },
    '/v2/models': () => {
      if (!champions.ready) throw new ModelNotReadyError('the models are not loaded yet; try again a little later');
      return jsonReply(listModels(champions));
    },
    '/v2/models/{model}': metadata,
    '/v2/models/{model}/versions/{version}': metadata,
    '/v2/models/{model}/ready': ready,
    '/v2/models/{model}/versions/{version}/ready': ready,
    '/v2/models/{model}/infer': inferWith,
    '/v2/models/{model}/versions/{version}/infer': inferWith,
    '/v2/repository/index': async ({ request }) => jsonReply(await indexRepository(options, request)),
    '/v2/repository/models/{model}/load': async ({ model }) => jsonReply(await loadModel(options, model)),
    '/v2/repository/models/{model}/unload': async ({ model }) => jsonReply(await unloadModel(options, model)),
  };
}

async function handle(
  options: V2Options,
  routes: Routes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const context = readContext(request, options);
  const match = matchRoute(request.url ?? '');
  const method = request.method ?? '';
  let error: ServiceError | undefined;
  try {
    if (!match || !OPEN_ROUTES.has(match.route)) options.keys?.assertKey(request);
    const reply = await answer(routes, match, method, request, context);
    await sendReply(request, response, reply, context.requestId);
  } catch (thrown) {
    error = toServiceError(thrown);
    options.metrics.invalid(error);
    if (match?.model !== undefined && context.source === 'live') options.invalidRequests?.count(error, match.model);
    if (error.status >= 500 && !(isCounted(error) || error instanceof ModelNotReadyError))
      logFailure(options.logger, error, match?.model ?? '', context);
    await sendReply(request, response, errorReply(error, context.traceId), context.requestId);
  }
  const route = match?.route ?? 'unmatched';
  finishRequest(options, context, { method, route, statusCode: response.statusCode, error });
}

async function answer(
  routes: Routes,
  match: Match | undefined,
  method: string,
  request: IncomingMessage,
  context: RequestContext,
): Promise<Reply> {
  if (!match) throw new ServiceError(404, 'not_found', 'there is nothing at this path; GET /docs shows what there is');
  const methods: readonly string[] = ROUTES[match.route];
  if (!methods.includes(method === 'HEAD' ? 'GET' : method)) {
    throw new ServiceError(405, 'method_not_allowed', `this path takes ${methods.join(', ')}`, { allow: [...methods] });
  }
  return routes[match.route]({ ...match, request, context });
}
