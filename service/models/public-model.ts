import type { Feature, Input, Manifest } from '../../core/manifest/manifest.js';
import type { Queryable } from '../../core/postgres/pool.js';
import type { ServingModel } from './serving-model.js';

/** A model in a list. */
export interface ModelSummary {
  name: string;
  description?: string;
  task: Manifest['task'];
  champion: number;
}

/** A version in a list. */
export interface VersionSummary {
  version: number;
  state: string;
  created_at: string;
  metrics: unknown;
}

/** What is told of a model: what it takes, what it answers, and its versions, newest first. */
export interface PublicModel extends ModelSummary {
  target: string;
  classes?: string[];
  positive_class?: string;
  decision_threshold?: number;
  /** What requests hold in place of the features; absent where they hold the features. */
  inputs?: Input[];
  features: Feature[];
  versions: VersionSummary[];
}

/** The short form of a loaded champion. */
export function summariseModel({ name, version, manifest }: ServingModel): ModelSummary {
  const { description, task } = manifest;
  return { name, ...(description !== undefined && { description }), task, champion: version };
}

/** The long form, with all versions of the registry. */
export async function loadPublicModel(db: Queryable, model: ServingModel): Promise<PublicModel> {
  const { manifest } = model;
  const { rows } = await db.query<Omit<VersionSummary, 'created_at'> & { created_at: Date }>(
    `select model_version as version, state, created_at, metrics
       from model_versions where model_name = $1 order by model_version desc`,
    [model.name],
  );
  return {
    ...summariseModel(model),
    target: manifest.target,
    ...(manifest.task !== 'regression' && { classes: manifest.classes }),
    ...(manifest.positiveClass !== undefined && { positive_class: manifest.positiveClass }),
    ...(manifest.decisionThreshold !== undefined && { decision_threshold: manifest.decisionThreshold }),
    ...(manifest.inputs && { inputs: manifest.inputs }),
    features: manifest.features,
    versions: rows.map((row) => ({ ...row, created_at: row.created_at.toISOString() })),
  };
}
