import type { AuditRow } from '../../../core/audit/entry.js';
import { listRunAudit } from '../../../core/audit/list.js';
import type { Queryable } from '../../../core/postgres/pool.js';
import { type Experiment, listTrials, loadExperiment } from '../../../core/registry/experiments.js';
import type { Pause } from '../../../core/registry/pause.js';
import type { TrialRecord } from '../../../core/training/trials.js';
import type { ShownRun } from '../runs.js';

/** The end of a log that is shown. */
const LOG_CHARACTERS = 8_000;

/** A retraining with all that is stored of it. */
export interface StoredRun extends ShownRun {
  /** Start of the alert's occurrence. */
  startsAt: Date;
  /** 1 for the first run of an occurrence. */
  attempt: number;
  /** The alert as it came. */
  alert: { labels?: Record<string, string>; annotations?: Record<string, string> };
  /** Who let it pass its guards, and why; null where nobody did. */
  override: Pause | null;
  /** What its rows were made of; null before they were put together. */
  dataset: Partial<DatasetWords> | null;
  datasetDigest: string | null;
  startedAt: Date | null;
  /** The end of what its training command printed. */
  log: string;
  /** Improvement that the champion's manifest asks for; null where that version is not known. */
  minimumImprovement: number | null;
}

/** Of the summary of a dataset what is told. */
export interface DatasetWords {
  parentVersion: number;
  seed: number;
  recentTrainingRows: number;
  referenceRows: number;
  /** Left out by earlier builds. */
  referenceLeftOut: boolean;
  heldOutRows: number;
  firstRequestedAt: string;
  lastRequestedAt: string;
}

/** A training: a retraining, or one by hand, which is an experiment alone. */
export interface TrainingDetail {
  run: StoredRun | undefined;
  /** The last execution of its training command; undefined before the first. */
  experiment: Experiment | undefined;
  trials: TrialRecord[];
  /** Oldest first. */
  audit: AuditRow[];
}

/** Loads a training by the id of the retraining or of an experiment; undefined when there is none. */
export async function loadTraining(db: Queryable, id: string): Promise<TrainingDetail | undefined> {
  const experiment = await loadExperiment(db, id);
  const run = await loadStoredRun(db, experiment?.trainingRunId ?? id);
  if (!experiment && !run) return undefined;
  const trials = experiment ? await listTrials(db, experiment.experimentId) : [];
  return { run, experiment, trials, audit: run ? await listRunAudit(db, run.trainingRunId) : [] };
}

async function loadStoredRun(db: Queryable, trainingRunId: string): Promise<StoredRun | undefined> {
  const { rows } = await db.query<StoredRun>(
    `select r.training_run_id as "trainingRunId", r.model_name as "modelName", r.alert_name as "alertName",
            r.champion_version as "championVersion", r.candidate_version as "candidateVersion", r.state, r.reason, r.guard,
            r.comparison, right(r.log, ${LOG_CHARACTERS}) as log, r.created_at as "createdAt", r.finished_at as "finishedAt",
            r.starts_at as "startsAt", r.attempt, r.alert, r.override, r.dataset, r.dataset_digest as "datasetDigest",
            r.started_at as "startedAt",
            (v.manifest->'retraining'->>'minimumImprovement')::float8 as "minimumImprovement"
       from training_runs r
       left join model_versions v on v.model_name = r.model_name
        and v.model_version = coalesce((r.dataset->>'parentVersion')::int, r.champion_version)
      where r.training_run_id = $1`,
    [trainingRunId],
  );
  return rows[0];
}
