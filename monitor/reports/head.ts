import type { ModelVersion } from '../../core/registry/versions.js';
import type { AskedWindow } from './asked-window.js';
import type { CurrentWindow } from './current-window.js';
import type { ReportHead, ReportKind } from './report.js';

/** What a report is asked for. */
export interface ReportQuestion {
  version: ModelVersion;
  asked: AskedWindow;
  segment: string;
  now: Date;
}

/** What every report says first, but its verdict and headline. */
export function reportHead<K extends ReportKind>(
  kind: K,
  { version, asked, segment, now }: ReportQuestion,
  current: CurrentWindow | undefined,
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
    window_name: 'newestOf' in asked ? asked.newestOf : null,
    segment: segment === '' ? null : segment,
    window: current
      ? { start: current.start.toISOString(), end: current.end.toISOString(), row_count: current.rows }
      : null,
    reference: { row_count: (current?.reference ?? version.referenceProfile).rows },
  };
}
