import type { Cause } from '../verdicts/cause/cause.js';
import { STATISTIC_NAMES } from '../verdicts/statistic-names.js';
import type { SubjectVerdict } from '../verdicts/verdict.js';

/** The kinds of subject that are alerted on, and the name of their alert. */
export const ALERT_NAMES = { feature: 'FeatureDrift', prediction: 'PredictionDrift' } as const;
export type DriftKind = keyof typeof ALERT_NAMES;

/**
 * Summary, description, cause (broken-data, population or unknown) and runbook of a drift alert, word for word those of
 * `prometheus/rules/drift.yml`, which is made from the gauges: the subjects whose drift is confirmed, by name, each with
 * the statistics that reach their threshold, whichever method found them.
 * @param subjects  of the newest window; none in drift means that it had too few rows to decide
 * @param cause  of the newest window
 */
export function driftAnnotations(options: {
  kind: DriftKind;
  modelName: string;
  modelVersion: number;
  subjects: SubjectVerdict[];
  cause: Pick<Cause, 'kind'> | null;
}): Record<string, string> {
  const { kind, modelName, modelVersion, subjects, cause } = options;
  const drifted = subjects
    .filter((subject) => subject.verdict === 'drift')
    .sort((a, b) => (a.subject < b.subject ? -1 : 1))
    .map(describe);
  const what = kind === 'feature' ? 'Features' : 'Predictions';
  return {
    summary: `${what} of ${modelName} version ${modelVersion} have drifted from its reference`,
    description: drifted.length > 0 ? `${drifted.join('; ')}.` : 'The newest window has too few rows to decide.',
    cause: cause?.kind ?? 'unknown',
    runbook_url: `docs/runbook/${ALERT_NAMES[kind]}.md`,
  };
}

function describe({ subject, statistics }: SubjectVerdict): string {
  const parts = statistics
    .filter(({ value, threshold }) => value >= threshold)
    .map((statistic) => ({ ...statistic, name: STATISTIC_NAMES[statistic.method] }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(
      ({ name, value, threshold }) => `${name.replaceAll('_', ' ')} ${three(value)} (threshold ${three(threshold)})`,
    );
  // A confirmed drift holds until it falls well below what set it.
  return `${subject}: ${parts.length > 0 ? parts.join(', ') : 'below its thresholds in the newest window'}`;
}

/** Three decimals, as `printf "%.3f"` in the rule. */
function three(value: number): string {
  return value.toFixed(3);
}
