import { type MlflowClient, MlflowError } from '../../core/mlflow/client.js';
import type { Experiment } from '../../core/registry/experiments.js';
import type { TrialRecord } from '../../core/training/trials.js';

/** What is copied to MLflow. */
export interface Mirrored {
  experiment: Experiment;
  trials: readonly TrialRecord[];
  /** Absent where the training failed. */
  onnx?: Uint8Array;
}

const LONGEST_PARAMETER = 500;

/**
 * Copies an experiment to an MLflow server: a run in the MLflow experiment of the model's name, with a nested run a trial, and
 * the model as its artifact and as the next version of the registered model of that name. @returns the id of the run
 * @throws MlflowError
 */
export async function mirrorExperiment(client: MlflowClient, { experiment, trials, onnx }: Mirrored): Promise<string> {
  const { modelName, startedAt, finishedAt, state } = experiment;
  const experimentId = await findOrCreateExperiment(client, modelName);
  const began = startedAt.getTime();
  const end = finishedAt?.getTime() ?? began;
  const run = await createRun(client, experimentId, `${experiment.experimentId}`, began, tagsOf(experiment));
  await logBatch(client, run.id, parametersOf(experiment), numbersOf(experiment.metrics ?? {}), end);
  for (const trial of trials) {
    const tags = { 'mlflow.parentRunId': run.id, 'plumbline.state': trial.state };
    const nested = await createRun(client, experimentId, `trial ${trial.number}`, began, tags);
    const metrics = { ...trial.metrics, ...(trial.score !== null && { [trial.metric]: trial.score }) };
    await logBatch(client, nested.id, { family: trial.family, ...trial.parameters }, metrics, end);
    await endRun(
      client,
      nested.id,
      trial.state === 'failed' ? 'FAILED' : 'FINISHED',
      began + trial.durationSeconds * 1000,
    );
  }
  if (onnx) {
    await client.putArtifact(`${run.artifacts}/model`, 'model.onnx', onnx);
    await registerVersion(client, modelName, `${run.artifacts}/model`, run.id);
  }
  await endRun(client, run.id, state === 'complete' ? 'FINISHED' : 'FAILED', end);
  return run.id;
}

async function findOrCreateExperiment(client: MlflowClient, name: string): Promise<string> {
  try {
    const { experiment } = await client.get('experiments/get-by-name', { experiment_name: name });
    return String((experiment as { experiment_id: unknown }).experiment_id);
  } catch (error) {
    if (!(error instanceof MlflowError) || error.code !== 'RESOURCE_DOES_NOT_EXIST') throw error;
    const { experiment_id: id } = await client.post('experiments/create', { name });
    return String(id);
  }
}

async function createRun(
  client: MlflowClient,
  experimentId: string,
  name: string,
  startTime: number,
  tags: Record<string, string>,
): Promise<{ id: string; artifacts: string }> {
  const body = { experiment_id: experimentId, run_name: name, start_time: startTime, tags: toPairs(tags) };
  const { run } = await client.post('runs/create', body);
  const { run_id: id, artifact_uri: artifacts } = (run as { info: { run_id: string; artifact_uri: string } }).info;
  return { id, artifacts };
}

async function logBatch(
  client: MlflowClient,
  runId: string,
  parameters: Record<string, unknown>,
  numbers: Record<string, number>,
  timestamp: number,
): Promise<void> {
  const metrics = Object.entries(numbers).map(([key, value]) => ({ key, value, timestamp, step: 0 }));
  await client.post('runs/log-batch', { run_id: runId, params: toPairs(parameters), metrics });
}

async function endRun(client: MlflowClient, runId: string, status: string, at: number): Promise<void> {
  await client.post('runs/update', { run_id: runId, status, end_time: Math.round(at) });
}

async function registerVersion(client: MlflowClient, name: string, source: string, runId: string): Promise<void> {
  await client.post('registered-models/create', { name }).catch((error: unknown) => {
    if (!(error instanceof MlflowError) || error.code !== 'RESOURCE_ALREADY_EXISTS') throw error;
  });
  await client.post('model-versions/create', { name, source, run_id: runId });
}

function tagsOf(experiment: Experiment): Record<string, string> {
  return {
    'plumbline.experiment': experiment.experimentId,
    'plumbline.training_run': experiment.trainingRunId ?? '',
    'plumbline.state': experiment.state,
    'plumbline.reason': experiment.reason.slice(0, LONGEST_PARAMETER),
    'plumbline.dataset_digest': experiment.datasetDigest,
    'plumbline.code_version': experiment.codeVersion ?? '',
    'plumbline.model_digest': experiment.modelDigest ?? '',
  };
}

function parametersOf({ request, command, datasetRows }: Experiment): Record<string, unknown> {
  const { training, ...others } = request;
  return { ...others, ...training, command, datasetRows };
}

function numbersOf(metrics: Record<string, unknown>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(metrics).filter((pair): pair is [string, number] => typeof pair[1] === 'number'),
  );
}

function toPairs(values: Record<string, unknown>): { key: string; value: string }[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, LONGEST_PARAMETER),
  }));
}
