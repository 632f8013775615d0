import { v7 as uuidv7 } from 'uuid';
import type { Alert } from '../../core/alerts/payload.js';
import type { RunState } from '../jobs/runs.js';
import { isModelName } from '../model-name.js';
import type { Guard } from '../stopped.js';
import { modelOf, versionOf } from './model-of.js';

/** The training run that an alert begins with when it was not known yet. */
export interface NewRun {
  trainingRunId: string;
  fingerprint: string;
  /** RFC 3339, as it came. */
  startsAt: string;
  alertName: string;
  modelName: string;
  championVersion: number | null;
  state: RunState;
  reason: string;
  guard: Guard | null;
  alert: Alert;
}

/** Makes the run of an alert: queued, or ended already because no retraining can come of it. */
export function newRun(alert: Alert): NewRun {
  const { fingerprint, startsAt } = alert;
  const modelName = modelOf(alert);
  return {
    trainingRunId: uuidv7(),
    fingerprint,
    startsAt,
    alertName: alert.labels.alertname ?? '',
    modelName,
    championVersion: versionOf(alert),
    ...firstState(alert, modelName),
    alert,
  };
}

/** A model that merely is not registered is found when its run's turn comes. */
function firstState(alert: Alert, modelName: string): Pick<NewRun, 'state' | 'reason' | 'guard'> {
  if (modelName === '') {
    return { state: 'refused', reason: 'the alert has no label "model_name"', guard: 'no-champion' };
  }
  if (!isModelName(modelName)) {
    const reason = `no model can be named "${modelName}": lower-case letters, digits and dashes, at most 63`;
    return { state: 'refused', reason, guard: 'no-champion' };
  }
  if (alert.status === 'resolved')
    return { state: 'cancelled', reason: 'the alert was resolved before it came as firing', guard: null };
  return { state: 'queued', reason: 'waiting for its turn', guard: null };
}
