import { median } from 'simple-statistics';
import type { FeatureBatch, PredictionBatch } from '../../core/inference/batch.js';
import { sliceBatch } from '../../core/inference/infer-all.js';
import type { Manifest } from '../../core/manifest/manifest.js';
import type { ReferenceProfile } from '../../core/reference/profile.js';
import { type EmpiricalNullBand, empiricalNullBand } from '../statistics/empirical-null-band.js';
import { subjectKey } from '../verdicts/decide-window.js';
import { compareCells } from '../verdicts/distribution-tests.js';
import { subjectMonitoring } from '../verdicts/subject-monitoring.js';
import { cutHistory } from './csv-history.js';
import type { PastWindow } from './history.js';

/** By `subjectKey`, what the PSI of chunks of the reference is. */
export type UsualPsi = Map<string, EmpiricalNullBand>;

/** The rows a version was frozen with. */
interface Reference {
  manifest: Manifest;
  profile: ReferenceProfile;
  batch: FeatureBatch;
  /** The model's answers to them; undefined for features only. */
  predictions: PredictionBatch | undefined;
}

/** The PSI that is usual in the reference for windows as long as those of a history, half of them longer; by the windows' name. */
export function usualPsi(reference: Reference, history: PastWindow[]): Map<string, UsualPsi> {
  const { minimumRows } = reference.manifest.monitoring;
  const frozen = history.filter(
    (past) => past.reference.profile === reference.profile && past.window.rows >= minimumRows,
  );
  const names = new Set(frozen.map(({ windowName }) => windowName));
  return new Map(
    [...names].map((windowName) => {
      const rows = frozen.filter((past) => past.windowName === windowName).map(({ window }) => window.rows);
      return [windowName, chunkBands(reference, { windowName, rowsPerWindow: Math.ceil(median(rows)) })];
    }),
  );
}

/** More chunks say no more. */
const MOST_CHUNKS = 200;

/**
 * PSI of chunks of the reference, in the order of its rows and as long as a window, each against the rest: what ordinary
 * windows looked like. By `subjectKey`; a subject is left out where the reference holds fewer than two chunks, and
 * predictions where theirs are the answers to other rows than these.
 */
function chunkBands(reference: Reference, cut: { windowName: string; rowsPerWindow: number }): UsualPsi {
  const { manifest, profile } = reference;
  const rows = Math.min(reference.batch.rows, MOST_CHUNKS * cut.rowsPerWindow);
  const chunks = cutHistory({ ...reference, ...cut, batch: sliceBatch(manifest, reference.batch, 0, rows) });
  const bands: UsualPsi = new Map();
  for (const subject of profile.subjects) {
    if (subject.kind === 'prediction' && profile.heldOutRows !== undefined) continue;
    const settings = subjectMonitoring(manifest.monitoring, subject);
    const values = chunks.flatMap(({ counts }) => {
      const own = counts.find((c) => c.kind === subject.kind && c.subject === subject.name)?.counts;
      if (!own) return [];
      const rest = subject.counts.map((count, cell) => Math.max(0, count - own[cell]!));
      return rest.some((count) => count > 0) ? [compareCells({ ...subject, counts: rest }, own, settings).psi] : [];
    });
    const band = empiricalNullBand({ values, alpha: manifest.monitoring.alpha });
    if (band) bands.set(subjectKey(subject.kind, subject.name), band);
  }
  return bands;
}
