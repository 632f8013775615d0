import { Gauge, type Registry } from 'prom-client';
import type { Feature, Monitoring } from '../../core/manifest/manifest.js';
import type { FeatureQuality } from '../quality/window-quality.js';
import { subjectMonitoring } from '../verdicts/subject-monitoring.js';
import type { ChampionPerformance } from './champion-performance.js';
import { mostFeatures } from './most-features.js';

/** Gauges of the quality of the champions' data. */
export interface QualityMetrics {
  reset(): void;
  set(model: { model_name: string; model_version: string }, champion: ChampionPerformance): void;
}

/** The checks of a feature, and the share from which each matters; what does not fit the feature is absent. */
const CHECKS = {
  missing: { help: 'Share of missing values', of: (quality: FeatureQuality) => quality.missingShare },
  out_of_range: { help: 'Share of values outside the manifest’s range', of: (q: FeatureQuality) => q.outOfRangeShare },
  unseen_category: {
    help: 'Share of categories that the reference does not have',
    of: (q: FeatureQuality) => q.unseenShare,
  },
};
type Check = keyof typeof CHECKS;
type Thresholds = { [check in Check]?: number };

/** Creates them in `registry`. */
export function createQualityMetrics(registry: Registry): QualityMetrics {
  const create = (name: string, help: string, labels = ['feature']): Gauge =>
    new Gauge({ name, help, labelNames: ['model_name', 'model_version', ...labels], registers: [registry] });
  const gauges = Object.entries(CHECKS).map(([check, { help, of }]) => ({
    check: check as Check,
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
      const { features, monitoring } = version.manifest;
      const checked = quality.features.map((each) => {
        const feature = features.find(({ name }) => name === each.feature);
        const thresholds: Thresholds = feature ? thresholdsOf(feature, each, monitoring) : {};
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

/** Missing values matter by what there are more than in the reference. */
function thresholdsOf(feature: Feature, quality: FeatureQuality, monitoring: Monitoring): Thresholds {
  const settings = subjectMonitoring(monitoring, { kind: 'feature', name: feature.name });
  return {
    missing: quality.referenceMissingShare + settings.missingThreshold,
    ...(feature.type === 'numeric' && feature.range && { out_of_range: settings.outOfRangeThreshold }),
    ...(feature.type === 'categorical' && { unseen_category: settings.unseenThreshold }),
  };
}
