/**
 * SQL: whether a row `p` of predictions lies in a window of its version that looked like broken data.
 * @param names  the parameter that holds the names of the windows that count, such as `$3`: those that alert
 */
export function inBrokenWindow(names: string): string {
  return `exists (select from drift_windows w
    where w.model_name = p.model_name and w.model_version = p.model_version and w.window_name = any(${names}::text[])
      and w.segment = '' and w.cause->>'kind' = 'broken-data'
      and p.requested_at >= w.window_start and p.requested_at < w.window_end)`;
}
