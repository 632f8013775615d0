import { planApproval, planTurningDown } from '../../../core/moves/decide-run.js';
import { planOverride } from '../../../core/moves/override-run.js';
import { planPause, planResume } from '../../../core/moves/pause.js';
import type { PlanMove } from '../../../core/moves/plan.js';
import { planPromotion, planRollback } from '../../../core/moves/promote.js';
import { planRebaseline, REBASELINE_ROWS } from '../../../core/moves/rebaseline.js';
import { MOST_ROWS } from '../../../core/moves/require.js';
import { planStage, planWithdrawal, STAGE_DEFAULTS } from '../../../core/moves/rollout.js';
import { LEAST_REBASELINE_ROWS } from '../../../core/registry/rebaseline-rows.js';

/** What a move is asked for with. */
export interface MoveQuery {
  modelName: string;
  version: number;
  run: string;
  rows: number;
  share: number;
}

/** A number that a person may choose. */
export interface MoveInput {
  name: 'rows' | 'share';
  label: string;
  initial: number;
  /** As the form's field has it. */
  limits: { min: string; max?: string; step: string };
}

/** A move as the console offers it. */
export interface MoveKind {
  title: (query: MoveQuery) => string;
  /** What it is about besides the model. */
  about?: 'version' | 'run';
  inputs?: MoveInput[];
  plan: (query: MoveQuery) => PlanMove;
}

const rows = (label: string, initial: number, least = 1): MoveInput => ({
  name: 'rows',
  label,
  initial,
  limits: { min: String(least), max: String(MOST_ROWS), step: '1' },
});
const share = (label: string, min: string): MoveInput => ({
  name: 'share',
  label,
  initial: STAGE_DEFAULTS.share,
  limits: { min, max: '0.5', step: '0.01' },
});

/** All of them, by the last part of their path. */
export const MOVES: Record<string, MoveKind> = {
  promote: {
    title: ({ version }) => `Promote version ${version}`,
    about: 'version',
    plan: (query) => (db) => planPromotion(db, query.modelName, query.version),
  },
  rollback: {
    title: () => 'Roll back',
    plan: (query) => (db) => planRollback(db, query.modelName),
  },
  shadow: {
    title: ({ version }) => `Try version ${version} in the shadow`,
    about: 'version',
    inputs: [
      rows('Rows it answers in each stage', STAGE_DEFAULTS.rows),
      share('Share of the traffic it then answers; 0 for none', '0'),
    ],
    plan: (query) => (db) => planStage(db, { ...query, first: 'shadow' }),
  },
  canary: {
    title: ({ version }) => `Try version ${version} as canary`,
    about: 'version',
    inputs: [share('Share of the traffic it answers', '0.01'), rows('Rows it answers', STAGE_DEFAULTS.rows)],
    plan: (query) => (db) => planStage(db, { ...query, first: 'canary' }),
  },
  withdraw: {
    title: () => 'End the rollout',
    plan: (query) => (db) => planWithdrawal(db, query.modelName),
  },
  pause: {
    title: () => 'Pause retraining',
    plan: (query) => (db) => planPause(db, query.modelName),
  },
  resume: {
    title: () => 'Resume retraining',
    plan: (query) => (db) => planResume(db, query.modelName),
  },
  rebaseline: {
    title: () => 'Take the present rows as reference',
    inputs: [rows('Newest live rows that make it up', REBASELINE_ROWS, LEAST_REBASELINE_ROWS)],
    plan: (query) => (db) => planRebaseline(db, query.modelName, query.rows),
  },
  approve: {
    title: () => 'Approve the challenger',
    about: 'run',
    plan: (query) => (db) => planApproval(db, query.run),
  },
  'turn-down': {
    title: () => 'Turn the challenger down',
    about: 'run',
    plan: (query) => (db) => planTurningDown(db, query.run),
  },
  override: {
    title: () => 'Let the run pass its guard',
    about: 'run',
    plan: (query) => (db) => planOverride(db, query.run),
  },
};

/** The page on which a move is confirmed. */
export function movePath(modelName: string, name: string, query: Partial<Omit<MoveQuery, 'modelName'>> = {}): string {
  const pairs = Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]);
  const text = new URLSearchParams(pairs).toString();
  return `/models/${encodeURIComponent(modelName)}/moves/${name}${text && `?${text}`}`;
}
