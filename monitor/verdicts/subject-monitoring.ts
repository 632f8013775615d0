import type { Monitoring } from '../../core/manifest/manifest.js';
import { METHODS, type Method, type Thresholds } from '../../core/manifest/methods.js';
import type { SubjectProfile } from '../../core/reference/profile.js';
import type { Effect } from './method-test.js';

/** What one subject is watched by. */
export type SubjectSettings = Thresholds & { methods: Method[] };

/** The model's methods and thresholds, with what the manifest says of this subject in their place. */
export function subjectMonitoring(
  monitoring: Monitoring,
  subject: Pick<SubjectProfile, 'kind' | 'name'>,
): SubjectSettings {
  const own = subject.kind === 'feature' ? monitoring.features : monitoring.predictions;
  return { ...monitoring, ...(Object.hasOwn(own, subject.name) ? own[subject.name] : {}) };
}

/** The effects among `values` that are asked for and could be computed. */
export function chooseEffects(
  settings: SubjectSettings,
  values: { [method in Method]?: { value: number; words?: string } },
): Effect[] {
  return settings.methods.flatMap((method) => {
    const found = values[method];
    if (!found || Number.isNaN(found.value)) return [];
    return [{ method, threshold: settings[METHODS[method].threshold], ...found }];
  });
}
