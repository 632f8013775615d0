import type { Monitoring } from '../../core/manifest/manifest.js';
import type { Cause } from '../verdicts/cause/cause.js';
import { subjectMonitoring } from '../verdicts/subject-monitoring.js';
import type { SubjectVerdict } from '../verdicts/verdict.js';

/** The kinds of subject that are alerted on, and the name of their alert. */
export const ALERT_NAMES = { feature: 'FeatureDrift', prediction: 'PredictionDrift' } as const;
export type DriftKind = keyof typeof ALERT_NAMES;

/**
 * Summary, description and cause (broken-data, population or unknown) of a drift alert, word for word those of `prometheus/rules/drift.yml`, which is made from
 * the gauges: the subjects whose drift is confirmed, by name, each with its statistics and what they are held against.
 * @param subjects  of the newest window; none in drift means that it had too few rows to decide
 * @param cause  of the newest window
 */
export function driftAnnotations(options: {
  kind: DriftKind;
  modelName: string;
  modelVersion: number;
  subjects: SubjectVerdict[];
  cause: Pick<Cause, 'kind'> | null;
  monitoring: Monitoring;
}): Record<string, string> {
  const { kind, modelName, modelVersion, subjects, cause, monitoring } = options;
  const drifted = subjects
    .filter((subject) => subject.verdict === 'drift')
    .sort((a, b) => (a.subject < b.subject ? -1 : 1))
    .map((subject) => describe(subject, subjectMonitoring(monitoring, { kind, name: subject.subject })));
  const what = kind === 'feature' ? 'Features' : 'Predictions';
  return {
    summary: `${what} of ${modelName} version ${modelVersion} have drifted from its reference`,
    description: drifted.length > 0 ? `${drifted.join('; ')}.` : 'The newest window has too few rows to decide.',
    cause: cause?.kind ?? 'unknown',
  };
}

function describe(subject: SubjectVerdict, thresholds: Pick<Monitoring, 'psiThreshold' | 'ksThreshold'>): string {
  const { psi, psiNullBand, ksStatistic, ksCriticalValue } = subject;
  const parts: string[] = [];
  if (psi !== null && psiNullBand !== null)
    parts.push(`PSI ${three(psi)} (threshold ${three(thresholds.psiThreshold)}, null band ${three(psiNullBand)})`);
  if (ksStatistic !== null && ksCriticalValue !== null)
    parts.push(
      `KS ${three(ksStatistic)} (threshold ${three(thresholds.ksThreshold)}, critical value ${three(ksCriticalValue)})`,
    );
  return `${subject.subject}: ${parts.join(', ')}`;
}

/** Three decimals, as `printf "%.3f"` in the rule. */
function three(value: number): string {
  return value.toFixed(3);
}
