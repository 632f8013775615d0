import { Gauge, type Registry } from 'prom-client';
import type { ChampionWindow } from '../verdicts/champion-window.js';
import { VERDICTS, type Verdict, worstVerdict } from '../verdicts/verdict.js';
import { mostFeatures } from './most-features.js';
import { createSubjectGauges } from './subject-gauges.js';

/** Gauges of what was last decided. */
export interface DriftMetrics {
  /** Replaces all series by those of these champions; whatever has no value has no series. */
  set(champions: ChampionWindow[]): void;
}

/** Where there are too many features, those that drift stay. */
const RANK: Record<Verdict, number> = { drift: 2, warning: 1, ok: 0, 'insufficient-data': 0 };

/** Creates the drift gauges in `registry`. */
export function createDriftMetrics(registry: Registry): DriftMetrics {
  const registers = [registry];
  const features = createSubjectGauges(registry, 'feature');
  const predictions = createSubjectGauges(registry, 'prediction');
  const verdicts = new Gauge({
    name: 'drift_verdict',
    help: 'Verdict on the newest window of the champion, worst over its features or predictions: 1 for the one that holds.',
    labelNames: ['model_name', 'model_version', 'kind', 'verdict'] as const,
    registers,
  });
  const causes = new Gauge({
    name: 'drift_cause',
    help: 'What the newest window of the champion looks like where a subject exceeded: 1 for the one that holds.',
    labelNames: ['model_name', 'model_version', 'cause'] as const,
    registers,
  });
  const ofModel = ['model_name', 'model_version'] as const;
  const rows = new Gauge({
    name: 'monitor_window_rows',
    help: 'Live rows in the newest decided window of the champion.',
    labelNames: ofModel,
    registers,
  });
  const minimumRows = new Gauge({
    name: 'monitor_window_rows_threshold',
    help: 'Rows from which a window of the champion is decided.',
    labelNames: ofModel,
    registers,
  });
  const setChampion = ({ version, window }: ChampionWindow): void => {
    if (!window) return;
    const model = { model_name: version.modelName, model_version: String(version.modelVersion) };
    rows.set(model, window.rowCount);
    minimumRows.set(model, version.manifest.monitoring.minimumRows);
    for (const cause of ['broken-data', 'population']) {
      if (window.cause) causes.set({ ...model, cause }, cause === window.cause.kind ? 1 : 0);
    }
    for (const kind of ['feature', 'prediction'] as const) {
      const subjects = window.subjects.filter((subject) => subject.kind === kind);
      if (subjects.length === 0) continue;
      const worst = worstVerdict(subjects.map((subject) => subject.verdict));
      for (const verdict of VERDICTS) verdicts.set({ ...model, kind, verdict }, verdict === worst ? 1 : 0);
      const gauges = kind === 'feature' ? features : predictions;
      for (const subject of mostFeatures(subjects, ({ verdict }) => RANK[verdict])) gauges.set(model, subject);
    }
  };
  return {
    set: (champions) => {
      for (const gauges of [features, predictions, verdicts, causes, rows, minimumRows]) gauges.reset();
      champions.forEach(setChampion);
    },
  };
}
