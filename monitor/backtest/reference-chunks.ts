import type { FeatureBatch, PredictionBatch } from '../../core/inference/batch.js';
import type { Manifest } from '../../core/manifest/manifest.js';
import type { ReferenceProfile } from '../../core/reference/profile.js';
import { type EmpiricalNullBand, empiricalNullBand } from '../statistics/empirical-null-band.js';
import { subjectKey } from '../verdicts/decide-window.js';
import { compareCells } from '../verdicts/distribution-tests.js';
import { subjectMonitoring } from '../verdicts/subject-monitoring.js';
import { cutHistory } from './csv-history.js';

/** More chunks say no more. */
const MOST_CHUNKS = 200;

/**
 * PSI of chunks of the reference, in the order of its rows and as long as a window, each against the rest: what ordinary
 * windows looked like. By `subjectKey`; a subject is left out where the reference holds fewer than two chunks, and
 * predictions where theirs are the answers to other rows than these.
 */
export function referenceChunkBands(options: {
  manifest: Manifest;
  profile: ReferenceProfile;
  batch: FeatureBatch;
  predictions: PredictionBatch | undefined;
  rowsPerWindow: number;
}): Map<string, EmpiricalNullBand> {
  const { manifest, profile } = options;
  const chunks = cutHistory(options).slice(0, MOST_CHUNKS);
  const bands = new Map<string, EmpiricalNullBand>();
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
