import { type Static, Type } from '@sinclair/typebox';
import { commonSettings, type Environment, listenSettings, loadSettings } from '../core/settings.js';
import { tracingSettings } from '../core/telemetry/settings.js';

/** What the trainer reads from the environment. */
export const trainerSettings = Type.Object({
  ...commonSettings,
  ...listenSettings('TRAINER', 8082),
  ...tracingSettings(1),
  TRAINER_WEBHOOK_TOKEN: Type.String({
    minLength: 16,
    description:
      'secret that Alertmanager, the monitor and readers of runs send as Bearer token; at least 16 characters',
  }),
  TRAINER_COOLDOWN_MINUTES: Type.Optional(
    Type.Number({
      minimum: 0,
      description: 'takes the place of retraining.cooldownMinutes of every manifest, for trying things out',
    }),
  ),
  TRAINER_SEED: Type.Integer({ default: 1, description: 'seed of training and of the comparison' }),
  TRAINER_WORK_FOLDER: Type.Optional(
    Type.String({
      minLength: 1,
      description:
        "folder in which each training gets a folder of its own while it runs; the system's temporary folder when left out",
    }),
  ),
  TRAINER_MLFLOW_URL: Type.Optional(
    Type.String({
      pattern: '^https?://',
      description: 'address of an MLflow server to which every training and its model are copied; none when left out',
    }),
  ),
  TRAINER_OUTCOME_WAIT_SECONDS: Type.Number({
    exclusiveMinimum: 0,
    default: 60,
    description: 'how long a run that has too few outcomes waits before it counts them again',
  }),
  TRAINER_OUTCOME_PATIENCE_MINUTES: Type.Number({
    exclusiveMinimum: 0,
    default: 1440,
    description: 'how long a run waits for outcomes, from when it first found too few of them, before it gives up',
  }),
});

/** Settings of the trainer, checked and frozen. */
export type TrainerSettings = Readonly<Static<typeof trainerSettings>>;

/** @throws ProblemsError  with every problem of the environment */
export function loadTrainerSettings(environment: Environment = process.env): TrainerSettings {
  return loadSettings(trainerSettings, environment, 'TRAINER_');
}

/** Variables of this system, its processes' secrets among them, and the password of the Postgres client. */
const OWN_VARIABLES = /^((PLUMBLINE|SERVICE|MONITOR|TRAINER|OTEL)_.*|PGPASSWORD)$/;

/**
 * What a training command sees of the environment: all but the settings of this process and of those beside it. What such a
 * command prints is stored and shown.
 */
export function trainingEnvironment(environment: Environment = process.env): Environment {
  const isOwn = (name: string): boolean =>
    Object.hasOwn(trainerSettings.properties, name.replace(/_FILE$/, '')) || OWN_VARIABLES.test(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isOwn(name)));
}
