import { type Static, Type } from '@sinclair/typebox';
import { commonSettings, loadSettings } from '../core/settings.js';

/** Every setting of the command line, by the name of its environment variable. */
export const cliSettingsSchema = Type.Object({
  DATABASE_URL: Type.Optional(commonSettings.DATABASE_URL),
  PLUMBLINE_HOME: Type.String({
    minLength: 1,
    default: '.plumbline',
    description: 'folder of "plumbline up": database, secrets, example projects',
  }),
  PLUMBLINE_POSTGRES_PORT: Type.Integer({
    minimum: 0,
    maximum: 65_535,
    default: 0,
    description: 'port of the embedded Postgres; 0 picks a free one',
  }),
  PLUMBLINE_READER_PASSWORD: Type.Optional(
    Type.String({
      minLength: 16,
      description: 'password of the login that "plumbline reader" makes; 16 characters or more',
    }),
  ),
  PLUMBLINE_API_KEY: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'API key that "predict", "outcomes", "demo" and "traffic" send, for SERVICE_API_KEYS=required',
    }),
  ),
  SERVICE_PORT: Type.Integer({ minimum: 1, maximum: 65_535, default: 8080, description: 'port of the service' }),
  MONITOR_PORT: Type.Integer({ minimum: 1, maximum: 65_535, default: 8081, description: 'port of the monitor' }),
  TRAINER_PORT: Type.Integer({ minimum: 1, maximum: 65_535, default: 8082, description: 'port of the trainer' }),
  MONITOR_CONSOLE_TOKEN: Type.Optional(
    Type.String({ minLength: 16, description: 'token of the console; "plumbline up" makes one when not set' }),
  ),
});

/** Settings of the command line. */
export type CliSettings = Readonly<Static<typeof cliSettingsSchema>>;

/** Reads the settings of the command line from the environment. @throws ProblemsError */
export function loadCliSettings(): CliSettings {
  return loadSettings(cliSettingsSchema, process.env, 'PLUMBLINE_');
}

/** The environment that child processes start from: this one, with what `extra` sets. */
export function childEnvironment(extra: Record<string, string>): Record<string, string | undefined> {
  return { ...process.env, ...extra };
}
