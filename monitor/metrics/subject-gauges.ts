import { Gauge, type Registry } from 'prom-client';
import { METHOD_NAMES, METHODS, type Method } from '../../core/manifest/methods.js';
import { STATISTIC_NAMES } from '../verdicts/statistic-names.js';
import type { SubjectVerdict } from '../verdicts/verdict.js';

/** Gauges of one kind of subject: one statistic, one metric, each beside what it is held against. */
export interface SubjectGauges {
  reset(): void;
  /** Sets the series of one subject; those of statistics that were not computed stay absent. */
  set(model: { model_name: string; model_version: string }, subject: SubjectVerdict): void;
}

/** Creates `feature_drift_...{feature}` or `prediction_drift_...{subject}` in `registry`. */
export function createSubjectGauges(registry: Registry, kind: 'feature' | 'prediction'): SubjectGauges {
  const label = kind === 'feature' ? 'feature' : 'subject';
  const create = (name: string, help: string): Gauge =>
    new Gauge({
      name: `${kind}_drift_${name}`,
      help,
      labelNames: ['model_name', 'model_version', label],
      registers: [registry],
    });
  const byMethod = Object.fromEntries(
    METHOD_NAMES.map((method) => {
      const { measures } = METHODS[method];
      const name = STATISTIC_NAMES[method];
      const value = create(name, `Newest window against the reference: ${measures}.`);
      return [method, { value, threshold: create(`${name}_threshold`, `Effect that matters: ${measures}.`) }];
    }),
  ) as Record<Method, { value: Gauge; threshold: Gauge }>;
  const psiNullBand = create('psi_null_band', 'PSI that sampling alone stays below at the rows of the newest window.');
  const ksCriticalValue = create(
    'ks_critical_value',
    'KS distance that sampling alone stays below at the rows of the newest window.',
  );
  const verdict = create('verdict', '1 while drift is confirmed, else 0.');
  const all = [
    ...Object.values(byMethod).flatMap(({ value, threshold }) => [value, threshold]),
    psiNullBand,
    ksCriticalValue,
    verdict,
  ];
  return {
    reset: () => {
      for (const gauge of all) gauge.reset();
    },
    set: (model, subject) => {
      const labels = { ...model, [label]: subject.subject };
      if (subject.verdict === 'insufficient-data') return;
      verdict.set(labels, subject.verdict === 'drift' ? 1 : 0);
      if (subject.psi !== null) byMethod.psi.value.set(labels, subject.psi);
      if (subject.psiNullBand !== null) psiNullBand.set(labels, subject.psiNullBand);
      if (subject.ksStatistic !== null) byMethod.ks.value.set(labels, subject.ksStatistic);
      if (subject.ksCriticalValue !== null) ksCriticalValue.set(labels, subject.ksCriticalValue);
      // Only what decides has a threshold.
      for (const { method, value, threshold } of subject.statistics) {
        byMethod[method].value.set(labels, value);
        byMethod[method].threshold.set(labels, threshold);
      }
    },
  };
}
