import type { TrainingRun } from './jobs/runs.js';

/** A run as the API shows it; instants are RFC 3339. */
export function runToJson(run: TrainingRun): Record<string, unknown> {
  return {
    training_run_id: run.trainingRunId,
    model: run.modelName,
    champion_version: run.championVersion,
    candidate_version: run.candidateVersion,
    state: run.state,
    reason: run.reason,
    guard: run.guard,
    override: run.override,
    attempt: run.attempt,
    alert_name: run.alertName,
    fingerprint: run.fingerprint,
    starts_at: run.startsAt,
    dataset_digest: run.datasetDigest,
    dataset: run.dataset,
    comparison: run.comparison,
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    started_at: run.startedAt,
    finished_at: run.finishedAt,
  };
}
