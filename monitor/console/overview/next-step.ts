import { signsOf } from '../../views/cause.js';
import type { ShownRun } from '../runs.js';
import type { ModelState } from './state.js';

/** What to do about a model: a sentence, and a command where there is one. */
export interface NextStep {
  text: string;
  command?: string;
  /** The page that shows it, or where a person decides. */
  href?: string;
}

/** The next step for a person, from what is known. Says so when there is nothing to do. */
export function nextStep(state: ModelState): NextStep {
  const { champion, modelName, verdict, window } = state;
  if (!champion) {
    const command = `npx plumbline model promote ${modelName} ${state.newestVersion}`;
    return { text: 'No version answers. Make one the champion:', command };
  }
  if (!window) return firstRows(state);
  const [broken] = window.cause ? signsOf(window.cause) : [];
  if (verdict === 'drift' && broken) return mend(broken, state.run);
  if (verdict === 'drift' || state.fallenSince) return onChange(state);
  if (state.estimatedLoss && !broken) return onEstimate(state);
  if (verdict === 'warning') {
    const [k, n] = champion.confirm;
    const look = broken ? ` Until then look at the source of ${broken.subject}: ${broken.words}.` : '';
    return { text: `Nothing yet: one window can be chance. It becomes drift when ${k} of ${n} windows exceed.${look}` };
  }
  if (verdict === 'insufficient-data') {
    return { text: 'The window had too few rows to decide. Wait for more, or make the windows larger in model.yaml.' };
  }
  return { text: 'Nothing to do.' };
}

function firstRows({ champion, modelName, traffic }: ModelState): NextStep {
  if (traffic.steps.some((step) => step.rows.length > 0)) {
    return { text: 'Rows are coming in. The first verdict follows when the first window closes.' };
  }
  const names = champion!.featureNames.join(', ');
  return {
    text: `No rows yet. Send instances (${names}${champion!.moreFeatures ? ', …' : ''}) to the service:`,
    command: `POST /v1/models/${modelName}/predict`,
  };
}

/** The trainer waits while data looks broken, until a window looks sound or a person says that the values are right. */
function mend({ subject, words }: { subject: string; words: string }, run: ModelState['run']): NextStep {
  const text = `Look at the source of ${subject} first: ${words}. Broken data is mended, not learned: retraining waits until a window looks sound.`;
  // A paused model is not let pass by an override.
  if (run?.state !== 'queued' || run.guard === 'paused') return { text };
  return {
    text: `${text} If the values are right as they are, let the run pass:`,
    command: override(run),
  };
}

function override({ trainingRunId }: ShownRun): string {
  return `npx plumbline runs override ${trainingRunId} --reason "…"`;
}

/** An estimate calls no trainer: without outcomes there is nothing to learn from. */
function onEstimate({ modelName, verdict }: ModelState): NextStep {
  const look = verdict === 'warning' ? 'Look at which features moved, and send' : 'Send';
  return {
    text: `No retraining begins on an estimate. ${look} outcomes, which tell whether it holds:`,
    command: `POST /v1/models/${modelName}/outcomes`,
  };
}

const underWay: NextStep = { text: 'A retraining is under way. Nothing to do until it ends.' };

/** A drift, or a loss of performance: either calls the trainer. */
function onChange({ run, alerts, verdict, since, fallKnownAt, modelName }: ModelState): NextStep {
  // A run from before this change says nothing of it. Where Prometheus alerts, only the verdicts tell when it began; outcomes may come long after.
  const changes =
    alerts.length > 0 ? alerts.map((alert) => alert.startsAt) : [fallKnownAt, verdict === 'drift' && since];
  const begun = Math.min(...changes.flatMap((at) => (at ? [at.getTime()] : [])));
  if (!run || run.createdAt.getTime() < begun) {
    return {
      text: 'No retraining has begun yet. An alert may take a minute to reach the trainer; after that see what came of it:',
      command: 'npx plumbline runs list',
      href: '/runs',
    };
  }
  switch (run.state) {
    case 'queued':
      if (run.guard === null) return underWay;
      return {
        text: `The retraining is held: ${run.reason}`,
        command: run.guard === 'paused' ? `npx plumbline model resume ${modelName}` : override(run),
      };
    case 'waiting':
    case 'training':
    case 'comparing':
      return underWay;
    case 'awaiting-approval':
      return {
        text: 'A better challenger waits for you:',
        command: `npx plumbline runs approve ${run.trainingRunId} --reason "…"`,
        href: `/runs/${run.trainingRunId}`,
      };
    case 'rolling-out':
      return { text: 'A better challenger answers in the shadow or as canary. Nothing to do until that ends.' };
    case 'kept':
      return { text: `A challenger was trained, and the champion stays: ${run.reason}` };
    case 'promoted':
      return { text: 'A new version answers. Its first windows will show whether that helped.' };
    default:
      return { text: `The retraining ended as ${run.state}: see its reason and log on the model’s page.` };
  }
}
