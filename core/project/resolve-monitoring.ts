import type { Monitoring, SubjectMonitoring } from '../manifest/manifest.js';
import { DEFAULT_METHODS, METHODS, withDefaultThresholds } from '../manifest/methods.js';
import type { MonitoringSource, WindowSpec } from '../manifest/monitoring-schema.js';

/** How a model is watched, every default filled in; further windows and segments are `resolveWatching`'s. */
export function resolveMonitoring(source: MonitoringSource = {}): Monitoring {
  const { rows, minutes, calendar, timeZone = 'UTC' } = source.window ?? {};
  const byTime: WindowSpec = calendar ? { calendar, timeZone } : { minutes: minutes ?? 60 };
  return {
    window: rows !== undefined ? { rows } : byTime,
    minimumRows: source.minimumRows ?? 200,
    methods: source.methods ?? DEFAULT_METHODS,
    ...withDefaultThresholds(source),
    alpha: source.alpha ?? 0.01,
    confirm: source.confirm ?? [2, 3],
    clearRatio: source.clearRatio ?? 0.8,
    ...(source.performanceLoss !== undefined && { performanceLoss: source.performanceLoss }),
    ...(source.outcomes && { outcomes: source.outcomes }),
    features: given(source.features),
    predictions: given(source.predictions),
  };
}

type SubjectSource = NonNullable<MonitoringSource['features']>[string];

/** What is written for single subjects; what is not written stays out, so that the model's own value holds. */
function given(subjects: { [name: string]: SubjectSource | undefined } = {}): Record<string, SubjectMonitoring> {
  const entries = Object.entries(subjects).map(([name, subject = {}]): [string, SubjectMonitoring] => {
    const thresholds = Object.values(METHODS).flatMap(({ threshold }) => {
      const value = subject[threshold];
      return value === undefined ? [] : [[threshold, value] as const];
    });
    return [name, { ...(subject.methods && { methods: subject.methods }), ...Object.fromEntries(thresholds) }];
  });
  return Object.fromEntries(entries);
}
