import { v7 as uuidv7 } from 'uuid';
import { appendAudit } from '../../../core/audit/append.js';
import { type Pool, withTransaction } from '../../../core/postgres/pool.js';
import { createRandom } from '../../../core/random.js';
import { beginExperiment, endExperiment } from '../../../core/registry/experiments.js';
import { registerVersion } from '../../../core/registry/versions.js';
import type { PlannedRequest } from '../../../core/training/contract.js';
import type { TrialRecord } from '../../../core/training/trials.js';
import { testManifest, testProfile } from '../fixture.js';
import { HOSTILE, NOW } from './fixture.js';

const DIGEST = `sha256:${'5a'.repeat(32)}`;

/** The next version of a model, which nobody has promoted. @returns its number */
export async function addCandidate(pool: Pool, modelName: string): Promise<number> {
  const manifest = testManifest(modelName);
  const files = { onnx: Buffer.from(`another onnx of ${modelName}`), referenceCsv: Buffer.from('alcohol\n') };
  return registerVersion(pool, { manifest, ...files, referenceProfile: testProfile(manifest) });
}

/** Trials of a search that gets better; every fifth was given up, one has failed. */
function drawTrials(count: number): TrialRecord[] {
  const random = createRandom(3);
  return Array.from({ length: count }, (_, number): TrialRecord => {
    const failed = number === 4;
    return {
      number,
      state: failed ? 'failed' : number % 5 === 3 ? 'pruned' : 'complete',
      family: number % 3 === 0 ? 'linear' : 'trees',
      parameters: { learningRate: 0.01 + random.next() / 10, leaves: 7 + (number % 24), features: [HOSTILE.quotes] },
      metrics: { accuracy: 0.8 },
      metric: 'log_loss',
      score: failed ? null : 0.6 - number / 100 + random.next() / 20,
      durationSeconds: 1 + number / 10,
      ...(failed && { reason: HOSTILE.markup }),
    };
  });
}

const comparison = {
  metric: 'accuracy',
  champion: 0.712,
  challenger: 0.861,
  improvement: 0.149,
  interval: { low: 0.09, high: 0.21 },
  rows: 400,
  clusters: 390,
  agreementRate: 0.81,
  segments: ['colour=red', HOSTILE.markup].map((segment, i) => ({
    segment,
    rows: 120 + i,
    clusters: 110,
    champion: 0.7,
    challenger: 0.69,
    improvement: -0.01,
    interval: { low: -0.05, high: 0.03 },
  })),
  calibration: { champion: 0.031, challenger: 0.102 },
  championMicrosecondsPerRow: 3.2,
  challengerMicrosecondsPerRow: 8.9,
  championBytes: 41_200,
  challengerBytes: 268_000,
  reference: { rows: 2_000, champion: 0.83, challenger: 0.84, distinctAnswers: 2 },
  decision: 'ask',
  reason: 'accuracy 0.861 against 0.712: the interval lies above 0; but calibration: it is worse',
  checks: [
    {
      name: 'segments',
      passed: true,
      otherwise: 'keep',
      words: 'none of 2 segments is surely worse by more than 10 %',
    },
    { name: 'calibration', passed: false, otherwise: 'ask', words: 'expected calibration error 0.102 against 0.031' },
    { name: 'size', passed: false, otherwise: 'keep', words: 'the model has 268,000 bytes' },
  ],
};

/** A retraining of version 1 that waits for a person: data, trials, comparison, log and trail. @returns its id */
export async function addTraining(pool: Pool, modelName: string, candidateVersion: number): Promise<string> {
  const id = uuidv7({ msecs: NOW.getTime() });
  const at = (seconds: number): Date => new Date(NOW.getTime() - 300_000 + seconds * 1_000);
  const dataset = { parentVersion: 1, seed: 7, recentTrainingRows: 933, referenceRows: 2_000, heldOutRows: 400 };
  const rows = { firstRequestedAt: at(-9_000), lastRequestedAt: at(0) };
  const description = `alcohol has moved: ${HOSTILE.markup}`;
  await pool.query(
    `insert into training_runs (training_run_id, fingerprint, starts_at, alert_name, model_name, champion_version, state, reason,
       alert, candidate_version, comparison, log, dataset, dataset_digest, created_at, started_at, finished_at)
     values ($1, $1::uuid::text, $2, 'FeatureDrift', $3, 1, 'awaiting-approval', $4, $5, $6, $7, $8, $9, $10, $2, $11, $12)`,
    [
      id,
      at(0),
      modelName,
      comparison.reason,
      { labels: {}, annotations: { description } },
      candidateVersion,
      comparison,
      `round 1\n${HOSTILE.markup}\n${HOSTILE.long}`,
      { ...dataset, ...rows },
      DIGEST,
      at(20),
      at(110),
    ],
  );
  await addExperiment(pool, { modelName, trainingRunId: id, startedAt: at(30), finishedAt: at(100) });
  await withTransaction(pool, (client) =>
    appendAudit(client, [
      {
        actor: 'webhook',
        action: 'alert.received',
        modelName,
        trainingRunId: id,
        details: { alertName: 'FeatureDrift' },
      },
      {
        actor: 'trainer',
        action: 'run.queued',
        modelName,
        trainingRunId: id,
        details: { guard: 'cool-down', reason: 'too soon' },
      },
      { actor: 'trainer', action: 'dataset.built', modelName, trainingRunId: id, details: { datasetDigest: DIGEST } },
      {
        actor: 'trainer',
        action: 'run.awaiting-approval',
        modelName,
        modelVersion: candidateVersion,
        trainingRunId: id,
        details: { reason: HOSTILE.markup },
      },
    ]),
  );
  return id;
}

/** A training command with 24 trials; by hand where no run is given. @returns its id */
export async function addExperiment(
  pool: Pool,
  options: { modelName: string; trainingRunId: string | null; startedAt: Date; finishedAt: Date },
): Promise<string> {
  const { modelName, trainingRunId, startedAt, finishedAt } = options;
  const training = { trials: 24, folds: 3, metric: 'log_loss' } as PlannedRequest['training'];
  const request: PlannedRequest = { modelName, seed: 7, parentVersion: 1, metric: 'accuracy', training };
  const begun = { trainingRunId, modelName, request, datasetDigest: DIGEST, datasetRows: 2_933, startedAt };
  const id = await beginExperiment(pool, { ...begun, command: `python ${HOSTILE.quotes}` });
  const end = { state: 'complete', reason: '', codeVersion: '1.2.3+abc', metrics: { accuracy: 0.86 } } as const;
  await endExperiment(
    pool,
    id,
    { ...end, modelDigest: DIGEST, modelCard: `# Card ${HOSTILE.markup}`, trials: drawTrials(24) },
    finishedAt,
  );
  return id;
}

/** A run that a guard holds. @returns its id */
export async function addHeldRun(pool: Pool, modelName: string, guard: string): Promise<string> {
  const id = uuidv7({ msecs: NOW.getTime() });
  await pool.query(
    `insert into training_runs (training_run_id, fingerprint, starts_at, alert_name, model_name, state, guard, reason, alert, created_at)
     values ($1, $1::uuid::text, $2, 'FeatureDrift', $3, 'queued', $4, 'the guard says no; looked at again at ' || now(), '{}', $2)`,
    [id, NOW, modelName, guard],
  );
  return id;
}
