import type { ModelVersion } from '../../core/registry/versions.js';
import { referencePerformanceOf } from '../performance/describe-performance.js';
import { allowedLoss } from '../performance/judge-loss.js';
import { performanceLoss } from '../performance/performance-loss.js';
import type { PerformanceWindow } from '../performance/window-performance.js';
import type { ChampionWindow } from '../verdicts/champion-window.js';
import type { StoredWindow } from '../verdicts/stored.js';
import { worstVerdict } from '../verdicts/verdict.js';
import { ALERT_NAMES, type DriftKind, driftAnnotations } from './annotations.js';
import { PERFORMANCE_ALERT, performanceAnnotations } from './performance-annotations.js';

/** What is known of a champion when alerts are decided. */
export interface KnownChampion extends ChampionWindow {
  /** The window it is judged by. */
  judged: PerformanceWindow | undefined;
}

/** An alert that there is reason for: to begin it, or only not to end it. */
export interface Finding {
  alertName: string;
  begins: boolean;
  annotations: Record<string, string>;
}

/** What the newest windows of a champion give reason for, drift first. */
export function findingsOf({ version, window, judged }: KnownChampion): Finding[] {
  const drifts = (['feature', 'prediction'] as const).map((kind) => driftFinding(version, window, kind));
  return [...drifts, performanceFinding(version, judged)].flatMap((finding) => finding ?? []);
}

function driftFinding(
  { modelName, modelVersion }: ModelVersion,
  window: StoredWindow | undefined,
  kind: DriftKind,
): Finding | undefined {
  const subjects = window?.subjects.filter((subject) => subject.kind === kind) ?? [];
  const verdict = worstVerdict(subjects.map((subject) => subject.verdict));
  if (verdict !== 'drift' && verdict !== 'insufficient-data') return undefined;
  const annotations = driftAnnotations({ kind, modelName, modelVersion, subjects, cause: window?.cause ?? null });
  return { alertName: ALERT_NAMES[kind], begins: verdict === 'drift', annotations };
}

function performanceFinding(version: ModelVersion, judged: PerformanceWindow | undefined): Finding | undefined {
  if (judged?.verdict !== 'drop' && judged?.verdict !== 'warning') return undefined;
  const { modelName, modelVersion, manifest } = version;
  const loss = performanceLoss(manifest.retraining.metric, referencePerformanceOf(version), judged.realised);
  if (!loss || loss.atLeast === null) return undefined;
  const known = { value: loss.value, atLeast: loss.atLeast };
  const annotations = performanceAnnotations({ modelName, modelVersion, loss: known, allowed: allowedLoss(manifest) });
  return { alertName: PERFORMANCE_ALERT, begins: judged.verdict === 'drop', annotations };
}
