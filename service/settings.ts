import { type Static, Type } from '@sinclair/typebox';
import { oneOf } from '../core/one-of.js';
import { commonSettings, type Environment, listenSettings, loadSettings } from '../core/settings.js';
import { tracingSettings } from '../core/telemetry/settings.js';
import { objectiveSettings } from './objective-settings.js';

/** Every setting of the prediction service, by the name of its environment variable. */
export const serviceSettingsSchema = Type.Object({
  ...commonSettings,
  ...listenSettings('SERVICE', 8080),
  ...tracingSettings(0.01),
  SERVICE_WORKERS: Type.Integer({
    minimum: 1,
    maximum: 64,
    default: 1,
    description:
      'processes that share the port, for as many cores; limits of rows, bytes and connections are for all of them together',
  }),
  SERVICE_API_KEYS: oneOf(['open', 'required'], {
    default: 'open',
    description:
      'open: whoever reaches the service may ask; required: predictions and outcomes need a key of "plumbline keys add"',
  }),
  SERVICE_MAX_BODY_BYTES: Type.Integer({
    minimum: 1_024,
    maximum: 268_435_456,
    default: 4_194_304,
    description: 'a larger request body is refused with 413',
  }),
  SERVICE_BODY_MEMORY_BYTES: Type.Integer({
    minimum: 65_536,
    default: 268_435_456,
    description:
      'bytes of request bodies that are being read or answered, over all connections, at most; beyond it requests are refused with 503 and Retry-After before their body is read',
  }),
  SERVICE_MAX_CONNECTIONS: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 5_000,
    description:
      'connections at most; requests of a tenth more are refused with 503 and Retry-After, further ones are closed at once',
  }),
  SERVICE_HEAD_TIMEOUT_SECONDS: Type.Number({
    minimum: 0.1,
    maximum: 600,
    default: 10,
    description: 'a request line and headers that take longer to arrive are refused with 408',
  }),
  SERVICE_RECEIVE_TIMEOUT_SECONDS: Type.Number({
    minimum: 0.1,
    maximum: 3_600,
    default: 30,
    description:
      'a request that takes longer to arrive whole is refused with 408; an answer that takes longer to be read is cut off',
  }),
  SERVICE_KEEP_ALIVE_SECONDS: Type.Number({
    minimum: 0.1,
    maximum: 3_600,
    // Longer than the idle time of common load balancers (60 s), so that they close first.
    default: 65,
    description: 'a connection without a request for so long is closed; longer than the load balancer keeps it',
  }),
  SERVICE_REQUEST_DEADLINE_MS: Type.Integer({
    minimum: 1,
    maximum: 3_600_000,
    default: 10_000,
    description:
      'a request that still waits for the model so long after its body was read is refused with 503; a client may ask for less with the header x-request-timeout-ms',
  }),
  SERVICE_MAX_WAIT_MS: Type.Integer({
    minimum: 1,
    maximum: 3_600_000,
    default: 1_000,
    description:
      'a request is refused at once, with 503 and Retry-After, when those before it take longer than this by the measured time per row',
  }),
  SERVICE_LAME_DUCK_MS: Type.Integer({
    minimum: 0,
    maximum: 600_000,
    default: 1_000,
    description:
      'how long requests are still taken after SIGTERM, while /v2/health/ready is 503 already; longer than a load balancer needs to see that',
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
      'connections to Postgres at most (two of each worker at least), half of them for storing predictions; besides one of each worker that listens for new champions, and two for API keys',
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
      'bytes of predictions that may wait for Postgres; beyond it requests are refused with 503 and Retry-After',
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
  ...objectiveSettings,
});

/** The settings of the prediction service, checked and complete. */
export type ServiceSettings = Readonly<Static<typeof serviceSettingsSchema>>;

/** Reads the settings from the environment. @throws ProblemsError with every problem */
export function loadServiceSettings(environment: Environment = process.env): ServiceSettings {
  return loadSettings(serviceSettingsSchema, environment, 'SERVICE_');
}
