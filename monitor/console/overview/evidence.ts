import type { Queryable } from '../../../core/postgres/pool.js';
import { loadVersion } from '../../../core/registry/versions.js';
import type { HistoryPoint } from '../../charts/history-chart.js';
import type { SubjectReport } from '../../reports/report.js';
import { subjectReport } from '../../reports/subjects.js';
import { subjectKey } from '../../verdicts/decide-window.js';
import type { StoredWindow } from '../../verdicts/stored.js';
import type { SubjectVerdict } from '../../verdicts/verdict.js';
import { bucketSecondsOf } from '../../windows/bucket-lengths.js';
import { loadWindowCounts } from '../../windows/buckets.js';

/** Windows in the picture of a subject's history. */
const HISTORY_WINDOWS = 60;
/** Stands in where no bucket is left: then there is nothing to sum either. */
const ANY_LENGTH = 60;

/** The pictures of one subject of a champion: its distribution in a window, and its history. */
export async function loadEvidence(
  db: Queryable,
  window: StoredWindow,
  verdict: SubjectVerdict,
): Promise<SubjectReport | undefined> {
  const version = await loadVersion(db, window.modelName, window.modelVersion);
  const { kind, subject: name } = verdict;
  const subject = version?.referenceProfile.subjects.find((s) => s.kind === kind && s.name === name);
  if (!version || !subject) return undefined;
  const bucketSeconds = await bucketSecondsOf(db, version, ANY_LENGTH);
  const range = { start: window.windowStart.getTime() / 1_000, end: window.windowEnd.getTime() / 1_000 };
  const counts = await loadWindowCounts(db, version, range, { bucketSeconds });
  const own = counts.find((c) => subjectKey(c.kind, c.subject) === subjectKey(kind, name))?.counts;
  return subjectReport({ subject, version, verdict, counts: own, history: await loadHistory(db, window, verdict) });
}

async function loadHistory(
  db: Queryable,
  { modelName, modelVersion, windowName }: StoredWindow,
  { kind, subject }: SubjectVerdict,
): Promise<HistoryPoint[]> {
  const { rows } = await db.query<{ start: Date; end: Date } & Omit<HistoryPoint, 'window_start' | 'window_end'>>(
    `select w.window_start as start, w.window_end as end, v.model_version, v.psi, v.psi_null_band, v.verdict
       from (select * from drift_windows
              where model_name = $1 and model_version = $2 and window_name = $3 and segment = ''
              order by window_start desc limit ${HISTORY_WINDOWS}) w
       join verdicts v using (model_name, model_version, window_name, segment, window_start)
      where v.kind = $4 and v.subject = $5
      order by w.window_start`,
    [modelName, modelVersion, windowName, kind, subject],
  );
  return rows.map(({ start, end, ...point }) => ({
    ...point,
    window_start: start.toISOString(),
    window_end: end.toISOString(),
  }));
}
