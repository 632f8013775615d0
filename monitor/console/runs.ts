import type { Queryable } from '../../core/postgres/pool.js';

/** How a challenger compared with its champion, as the trainer stored it. */
export interface StoredComparison {
  metric: string;
  champion: number;
  challenger: number;
  improvement: number;
  interval: { low: number; high: number };
  rows: number;
  clusters: number;
  agreementRate: number;
  /** Parts of the rows; left out by earlier builds, as is what follows. */
  segments?: StoredSegment[];
  /** Expected calibration error of each; null where they answer no probabilities. */
  calibration?: { champion: number; challenger: number } | null;
  championMicrosecondsPerRow?: number;
  challengerMicrosecondsPerRow?: number;
  championBytes?: number;
  challengerBytes?: number;
  /** Both on the reference rows of the champion. */
  reference?: { rows: number; champion: number; challenger: number; distinctAnswers: number };
  decision?: 'promote' | 'keep' | 'ask';
  /** Of the decision, in words. */
  reason?: string;
  checks?: StoredCheck[];
}

/** How both did on one part of the held-out rows. */
export interface StoredSegment {
  segment: string;
  rows: number;
  champion: number;
  challenger: number;
  improvement: number;
  interval: { low: number; high: number };
}

/** One thing besides the metric that speaks for or against a challenger. */
export interface StoredCheck {
  name: string;
  passed: boolean;
  /** What becomes of a challenger that does not pass though its metric is better. */
  otherwise: 'keep' | 'ask';
  words: string;
}

/** A retraining as the console shows it. */
export interface ShownRun {
  trainingRunId: string;
  modelName: string;
  alertName: string;
  championVersion: number | null;
  candidateVersion: number | null;
  state: string;
  reason: string;
  /** Which guard keeps it from beginning, or ended it; null where none does. */
  guard: string | null;
  comparison: StoredComparison | null;
  createdAt: Date;
  finishedAt: Date | null;
}

/** Guards that end a run because something else of its model was, or is, under way: one of several alerts was enough. */
const SET_ASIDE = ['busy', 'other-version'];

/** The style of a run's state: a refusal that nobody has to look after is not shown as one. */
export function stateStyle({ state, guard }: Pick<ShownRun, 'state' | 'guard'>): string {
  return state === 'refused' && guard !== null && SET_ASIDE.includes(guard) ? 'set-aside' : state;
}

const COLUMNS = `training_run_id as "trainingRunId", model_name as "modelName", alert_name as "alertName",
  champion_version as "championVersion", candidate_version as "candidateVersion", state, reason, guard, comparison,
  created_at as "createdAt", finished_at as "finishedAt"`;

/** The newest retrainings of each of the models, newest first. */
export async function loadRuns(db: Queryable, modelNames: string[], limit: number): Promise<ShownRun[]> {
  const { rows } = await db.query<ShownRun>(
    `select ${COLUMNS}
       from unnest($1::text[]) as wanted
      cross join lateral (
        select * from training_runs where model_name = wanted
         order by created_at desc, training_run_id desc limit $2) recent
      order by created_at desc, training_run_id desc`,
    [modelNames, limit],
  );
  return rows;
}

/** The newest retrainings of all models, or of one. */
export async function listShownRuns(
  db: Queryable,
  { modelName, limit }: { modelName: string | undefined; limit: number },
): Promise<ShownRun[]> {
  const { rows } = await db.query<ShownRun>(
    `select ${COLUMNS}
       from training_runs where $1::text is null or model_name = $1
      order by created_at desc, training_run_id desc limit $2`,
    [modelName ?? null, limit],
  );
  return rows;
}
