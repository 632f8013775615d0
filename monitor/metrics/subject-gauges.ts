import { Gauge, type Registry } from 'prom-client';
import type { Monitoring } from '../../core/manifest/manifest.js';
import type { SubjectVerdict } from '../verdicts/verdict.js';

/** Gauges of one kind of subject: one statistic, one metric, each beside what it is held against. */
export interface SubjectGauges {
  reset(): void;
  /** Sets the series of one subject; those of statistics that were not computed stay absent. */
  set(
    model: { model_name: string; model_version: string },
    subject: SubjectVerdict,
    thresholds: Pick<Monitoring, 'psiThreshold' | 'ksThreshold'>,
  ): void;
}

const HELP = {
  psi: 'Population stability index of the newest window against the reference, in nats.',
  psi_threshold: 'Population stability index from which a change matters.',
  psi_null_band: 'Population stability index that sampling alone stays below at the rows of the newest window.',
  ks_statistic: 'Kolmogorov-Smirnov distance of the newest window from the reference, from binned counts.',
  ks_threshold: 'Kolmogorov-Smirnov distance from which a change matters.',
  ks_critical_value: 'Kolmogorov-Smirnov distance that sampling alone stays below at the rows of the newest window.',
  verdict: '1 while drift is confirmed, else 0.',
};

/** Creates `feature_drift_...{feature}` or `prediction_drift_...{subject}` in `registry`. */
export function createSubjectGauges(registry: Registry, kind: 'feature' | 'prediction'): SubjectGauges {
  const label = kind === 'feature' ? 'feature' : 'subject';
  const create = (name: keyof typeof HELP): Gauge =>
    new Gauge({
      name: `${kind}_drift_${name}`,
      help: HELP[name],
      labelNames: ['model_name', 'model_version', label],
      registers: [registry],
    });
  const gauges = {
    psi: create('psi'),
    psiThreshold: create('psi_threshold'),
    psiNullBand: create('psi_null_band'),
    ks: create('ks_statistic'),
    ksThreshold: create('ks_threshold'),
    ksCriticalValue: create('ks_critical_value'),
    verdict: create('verdict'),
  };
  return {
    reset: () => {
      for (const gauge of Object.values(gauges)) gauge.reset();
    },
    set: (model, subject, thresholds) => {
      const labels = { ...model, [label]: subject.subject };
      if (subject.verdict === 'insufficient-data') return;
      gauges.verdict.set(labels, subject.verdict === 'drift' ? 1 : 0);
      if (subject.psi !== null && subject.psiNullBand !== null) {
        gauges.psi.set(labels, subject.psi);
        gauges.psiThreshold.set(labels, thresholds.psiThreshold);
        gauges.psiNullBand.set(labels, subject.psiNullBand);
      }
      if (subject.ksStatistic !== null && subject.ksCriticalValue !== null) {
        gauges.ks.set(labels, subject.ksStatistic);
        gauges.ksThreshold.set(labels, thresholds.ksThreshold);
        gauges.ksCriticalValue.set(labels, subject.ksCriticalValue);
      }
    },
  };
}
