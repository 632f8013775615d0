import type { ModelVersion } from '../../core/registry/versions.js';
import type { CurrentWindow } from './current-window.js';
import type { ReportHead, ReportKind } from './report.js';

/** What every report says first, but its verdict and headline. */
export function reportHead<K extends ReportKind>(
  kind: K,
  version: ModelVersion,
  current: CurrentWindow | undefined,
  now: Date,
): Omit<ReportHead, 'verdict' | 'headline' | 'kind'> & { kind: K } {
  const { manifest } = version;
  return {
    kind,
    generated_at: now.toISOString(),
    model: {
      name: version.modelName,
      version: version.modelVersion,
      state: version.state,
      task: manifest.task,
      description: manifest.description ?? null,
    },
    window: current
      ? { start: current.start.toISOString(), end: current.end.toISOString(), row_count: current.rows }
      : null,
    reference: { row_count: version.referenceProfile.rows },
  };
}
