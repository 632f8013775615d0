import { type Static, Type } from '@sinclair/typebox';
import { oneOf } from '../core/one-of.js';
import { commonSettings, type Environment, listenSettings, loadSettings } from '../core/settings.js';
import { tracingSettings } from '../core/telemetry/settings.js';

/** Every setting of the prediction service, by the name of its environment variable. */
export const serviceSettingsSchema = Type.Object({
  ...commonSettings,
  ...listenSettings('SERVICE', 8080),
  ...tracingSettings(0.01),
  SERVICE_MAX_BODY_BYTES: Type.Integer({
    minimum: 1_024,
    maximum: 268_435_456,
    default: 4_194_304,
    description: 'a larger request body is refused with 413',
  }),
  SERVICE_MAX_INSTANCES: Type.Integer({
    minimum: 1,
    maximum: 100_000,
    default: 10_000,
    description: 'instances of one predict request, and outcomes of one outcomes request, at most',
  }),
  SERVICE_MAX_QUEUED_ROWS: Type.Integer({
    minimum: 1,
    maximum: 10_000_000,
    default: 50_000,
    description: 'rows accepted and not yet answered, at most; beyond it requests are refused with 503 and Retry-After',
  }),
  SERVICE_SLICE_ROWS: Type.Integer({
    minimum: 1,
    maximum: 10_000,
    default: 256,
    description: 'rows of one run of a model at most; a run blocks the process, so this bounds how long others wait',
  }),
  SERVICE_REGISTRY_POLL_SECONDS: Type.Number({
    minimum: 0.1,
    maximum: 3_600,
    default: 10,
    description: 'how often the registry is read, in case an announcement of a new champion was missed',
  }),
  SERVICE_DATABASE_CONNECTIONS: Type.Integer({
    minimum: 2,
    maximum: 1_000,
    default: 10,
    description:
      'connections to Postgres at most, half of them for storing predictions; besides two that listen for new champions and check readiness',
  }),
  SERVICE_SPOOL_FOLDER: Type.String({
    minLength: 1,
    default: '.plumbline/spool',
    description:
      'folder on a local disk that holds predictions until they are in Postgres; processes of one machine may share it',
  }),
  SERVICE_SPOOL_MAX_BYTES: Type.Integer({
    minimum: 65_536,
    default: 1_073_741_824,
    description:
      'bytes of predictions of one process that may wait for Postgres; beyond it requests are refused with 503 and Retry-After',
  }),
  SERVICE_SPOOL_DURABILITY: oneOf(['os', 'disk'], {
    default: 'os',
    description:
      'what an answer waits for; os: its row is written to the spool (survives the death of the process); disk: it is on the disk (survives a power failure)',
  }),
  SERVICE_COMMIT_TIMEOUT_SECONDS: Type.Number({
    exclusiveMinimum: 0,
    maximum: 300,
    default: 10,
    description: 'a transaction that stores predictions and takes longer is given up and tried again',
  }),
});

/** The settings of the prediction service, checked and complete. */
export type ServiceSettings = Readonly<Static<typeof serviceSettingsSchema>>;

/** Reads the settings from the environment. @throws ProblemsError with every problem */
export function loadServiceSettings(environment: Environment = process.env): ServiceSettings {
  return loadSettings(serviceSettingsSchema, environment, 'SERVICE_');
}
