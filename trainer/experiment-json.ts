import type { Experiment } from '../core/registry/experiments.js';
import type { TrialRecord } from '../core/training/trials.js';

/** An experiment as the API shows it; instants are RFC 3339. */
export function experimentToJson(experiment: Experiment): Record<string, unknown> {
  return {
    experiment_id: experiment.experimentId,
    training_run_id: experiment.trainingRunId,
    model: experiment.modelName,
    state: experiment.state,
    reason: experiment.reason,
    command: experiment.command,
    code_version: experiment.codeVersion,
    request: experiment.request,
    dataset_digest: experiment.datasetDigest,
    dataset_rows: experiment.datasetRows,
    metrics: experiment.metrics,
    model_digest: experiment.modelDigest,
    started_at: experiment.startedAt,
    finished_at: experiment.finishedAt,
  };
}

/** A trial as the API shows it. */
export function trialToJson({ durationSeconds, reason, ...trial }: TrialRecord): Record<string, unknown> {
  return { ...trial, duration_seconds: durationSeconds, reason: reason ?? null };
}
