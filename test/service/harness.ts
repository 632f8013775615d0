import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '../../core/settings.js';
import { createLogger, type Logger } from '../../core/telemetry/logger.js';
import { type RunningService, startService } from '../../service/run.js';
import { serviceSettingsSchema } from '../../service/settings.js';
import { until } from '../helpers/until.js';

/** What the service answered. */
export interface Reply {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  body: any;
}

/** A service in this process and a way to talk to it. */
export interface TestService extends RunningService {
  url: string;
  get(path: string): Promise<Reply>;
  /** Sends a body as JSON; a string goes as it is. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>;
  ready(): Promise<void>;
  spoolFolder: string;
  /** Waits until every answered row is in Postgres. */
  stored(): Promise<void>;
}

export const silent: Logger = createLogger('service', 'silent');

/** Starts a service on a free port. Settings are given as in the environment. */
export async function startTestService(
  databaseUrl: string,
  environment: Record<string, string> = {},
  logger: Logger = silent,
): Promise<TestService> {
  const spoolFolder = environment.SERVICE_SPOOL_FOLDER ?? (await mkdtemp(join(tmpdir(), 'plumbline-spool-')));
  const settings = loadSettings(
    serviceSettingsSchema,
    {
      DATABASE_URL: databaseUrl,
      SERVICE_PORT: '0',
      SERVICE_REGISTRY_POLL_SECONDS: '3600',
      SERVICE_SPOOL_FOLDER: spoolFolder,
      SERVICE_LAME_DUCK_MS: '0',
      ...environment,
    },
    'SERVICE_',
  );
  const running = await startService({ settings, logger });
  const close = async (): Promise<void> => {
    await running.close();
    if (!environment.SERVICE_SPOOL_FOLDER) await rm(spoolFolder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${running.port}`;
  const get = async (path: string): Promise<Reply> => read(await fetch(url + path));
  return {
    ...running,
    close,
    url,
    spoolFolder,
    get,
    post: async (path, body, headers = {}) =>
      read(
        await fetch(url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
        }),
      ),
    stored: async () => {
      await until('every row to be stored', async () =>
        /^capture_spooled_rows 0$/m.test((await get('/metrics')).body as string),
      );
    },
    ready: async () => {
      await until('the service to be ready', async () => (await get('/v2/health/ready')).status === 200);
    },
  };
}

async function read(response: Response): Promise<Reply> {
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json');
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}

/** Waits until the service answers with this version of a model. */
export async function untilServing(service: TestService, model: string, version: number): Promise<void> {
  await until(`${model} to be served in version ${version}`, async () => {
    const { body } = await service.get('/v1/models');
    return body.models.some((m: { name: string; champion: number }) => m.name === model && m.champion === version);
  });
}
