import { Gauge, type Registry } from 'prom-client';
import { type QualityCheck, qualityThresholds } from '../quality/quality-thresholds.js';
import type { FeatureQuality } from '../quality/window-quality.js';
import type { ChampionPerformance } from './champion-performance.js';
import { mostFeatures } from './most-features.js';

/** Gauges of the quality of the champions' data. */
export interface QualityMetrics {
  reset(): void;
  set(model: { model_name: string; model_version: string }, champion: ChampionPerformance): void;
}

/** The checks of a feature. */
const CHECKS: { [check in QualityCheck]: { help: string; of: (quality: FeatureQuality) => number } } = {
  missing: { help: 'Share of missing values', of: (quality) => quality.missingShare },
  out_of_range: { help: 'Share of values outside the manifest’s range', of: (quality) => quality.outOfRangeShare },
  unseen_category: {
    help: 'Share of categories that the reference does not have',
    of: (quality) => quality.unseenShare,
  },
};

/** Creates them in `registry`. */
export function createQualityMetrics(registry: Registry): QualityMetrics {
  const create = (name: string, help: string, labels = ['feature']): Gauge =>
    new Gauge({ name, help, labelNames: ['model_name', 'model_version', ...labels], registers: [registry] });
  const gauges = Object.entries(CHECKS).map(([check, { help, of }]) => ({
    check: check as QualityCheck,
    of,
    ratio: create(`data_${check}_ratio`, `${help} in the newest window.`),
    threshold: create(`data_${check}_ratio_threshold`, `${help} that matters, by the manifest.`),
  }));
  const constant = create('data_constant', '1 where a feature that varied in the reference stands still.');
  const duplicates = create('data_duplicate_rows_ratio', 'Share of rows that repeat another of the newest window.', []);
  return {
    reset: () => {
      for (const gauge of [...gauges.flatMap(({ ratio, threshold }) => [ratio, threshold]), constant, duplicates])
        gauge.reset();
    },
    set: (model, { version, quality }) => {
      if (!quality || quality.rowCount === 0) return;
      const { manifest, referenceProfile } = version;
      const checked = quality.features.map((each) => {
        const feature = manifest.features.find(({ name }) => name === each.feature);
        const subject = referenceProfile.subjects.find(({ kind, name }) => kind === 'feature' && name === each.feature);
        const thresholds = feature && subject ? qualityThresholds(feature, subject, manifest.monitoring) : {};
        return { each, thresholds };
      });
      const excess = ({ each, thresholds }: (typeof checked)[number]): number =>
        Math.max(0, ...gauges.map(({ check, of }) => of(each) / (thresholds[check] ?? Number.POSITIVE_INFINITY)));
      duplicates.set(model, quality.duplicateShare);
      for (const { each, thresholds } of mostFeatures(checked, excess)) {
        const own = { ...model, feature: each.feature };
        constant.set(own, each.constant ? 1 : 0);
        for (const { check, of, ratio, threshold } of gauges) {
          const limit = thresholds[check];
          if (limit === undefined) continue;
          ratio.set(own, of(each));
          threshold.set(own, limit);
        }
      }
    },
  };
}
