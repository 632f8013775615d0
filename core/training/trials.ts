import { type Static, Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';

const trialSchema = Type.Object({
  number: Type.Integer({ minimum: 0 }),
  state: Type.Union([Type.Literal('complete'), Type.Literal('pruned'), Type.Literal('failed')]),
  family: Type.String({ minLength: 1, maxLength: 100 }),
  parameters: Type.Record(Type.String(), Type.Unknown()),
  metrics: Type.Record(Type.String(), Type.Number()),
  metric: Type.String({ minLength: 1, maxLength: 100 }),
  /** Of `metric`; null where the trial has failed. */
  score: Type.Union([Type.Number(), Type.Null()]),
  durationSeconds: Type.Number({ minimum: 0 }),
  /** Why it has failed. */
  reason: Type.Optional(Type.String()),
});

/** One trial of a search, as a training command writes it: a line of `trials.jsonl`. */
export type TrialRecord = Static<typeof trialSchema>;

const isTrial = new Ajv().compile<TrialRecord>(trialSchema);
const MOST_TRIALS = 10_000;

/** A trial as its line. Metrics that are no finite number are left out. */
export function formatTrial(trial: TrialRecord): string {
  const metrics = Object.fromEntries(Object.entries(trial.metrics).filter(([, value]) => Number.isFinite(value)));
  return `${JSON.stringify({ ...trial, metrics })}\n`;
}

/**
 * Reads the text of `trials.jsonl`.
 * @throws Error  naming the first line that is no trial, or repeats a trial's number
 */
export function parseTrials(text: string): TrialRecord[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length > MOST_TRIALS) {
    throw new Error(`trials.jsonl has ${lines.length} lines, ${MOST_TRIALS} are allowed; write one a trial`);
  }
  const numbers = new Set<number>();
  return lines.map((line, i) => {
    const trial = parseLine(line, i + 1);
    if (numbers.has(trial.number)) {
      throw new Error(`trials.jsonl, line ${i + 1}: trial ${trial.number} stands twice; number trials from 0`);
    }
    numbers.add(trial.number);
    return trial;
  });
}

function parseLine(line: string, number: number): TrialRecord {
  let trial: unknown;
  try {
    trial = JSON.parse(line);
  } catch (error) {
    throw new Error(`trials.jsonl, line ${number}: is not JSON: ${(error as Error).message}`, { cause: error });
  }
  if (isTrial(trial)) return trial;
  const [problem] = isTrial.errors ?? [];
  const where = problem?.instancePath.slice(1).replaceAll('/', '.') || 'the line';
  throw new Error(`trials.jsonl, line ${number}: ${where} ${problem?.message ?? 'is no trial'}`, { cause: problem });
}
