import { type Static, Type } from '@sinclair/typebox';
import { DEFAULT_OBJECTIVES, type Objectives } from './metrics/objectives.js';

const ratio = (byDefault: number, description: string) =>
  Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1, default: byDefault, description });
const seconds = (byDefault: number, description: string) =>
  Type.Number({ exclusiveMinimum: 0, default: byDefault, description });

/** Settings of what the service is held to; alerts read them off its metrics. */
export const objectiveSettings = {
  SERVICE_OBJECTIVE_AVAILABILITY_RATIO: ratio(
    DEFAULT_OBJECTIVES.availabilityRatio,
    'part of valid prediction requests that is to be answered, over 30 days; for alerts',
  ),
  SERVICE_OBJECTIVE_LATENCY_RATIO: ratio(
    DEFAULT_OBJECTIVES.latencyRatio,
    'part of answered prediction requests that is to be answered in time, over 30 days; for alerts',
  ),
  SERVICE_OBJECTIVE_LATENCY_SECONDS: seconds(
    DEFAULT_OBJECTIVES.latencySeconds,
    'time in which a prediction request is in time; for alerts',
  ),
  SERVICE_OBJECTIVE_CAPTURE_RATIO: ratio(
    DEFAULT_OBJECTIVES.captureRatio,
    'part of predicted rows that is to reach Postgres, over 30 days; for alerts',
  ),
  SERVICE_ALERT_CAPTURE_LAG_SECONDS: seconds(
    DEFAULT_OBJECTIVES.captureLagSeconds,
    'age of the oldest row that is not in Postgres from which people are told',
  ),
  SERVICE_ALERT_ERROR_RATIO: ratio(
    DEFAULT_OBJECTIVES.errorRatio,
    'part of the requests of a route that fails from which people are told',
  ),
  SERVICE_ALERT_INVALID_RATIO: ratio(
    DEFAULT_OBJECTIVES.invalidRatio,
    'part of the prediction requests of a route that is refused as invalid from which people are told',
  ),
};

const schema = Type.Object(objectiveSettings);

/** The objectives that the settings say. */
export function objectivesOf(settings: Static<typeof schema>): Objectives {
  return {
    availabilityRatio: settings.SERVICE_OBJECTIVE_AVAILABILITY_RATIO,
    latencyRatio: settings.SERVICE_OBJECTIVE_LATENCY_RATIO,
    latencySeconds: settings.SERVICE_OBJECTIVE_LATENCY_SECONDS,
    captureRatio: settings.SERVICE_OBJECTIVE_CAPTURE_RATIO,
    captureLagSeconds: settings.SERVICE_ALERT_CAPTURE_LAG_SECONDS,
    errorRatio: settings.SERVICE_ALERT_ERROR_RATIO,
    invalidRatio: settings.SERVICE_ALERT_INVALID_RATIO,
  };
}
