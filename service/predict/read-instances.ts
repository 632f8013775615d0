import { describeUnknownField, kindOf } from './describe-problem.js';
import type { ProblemList } from './problem-list.js';

/**
 * The `instances` of a body, unchecked; what is wrong with the body itself goes to `problems`. Empty where there is
 * nothing whose content should be looked at: no array, or more instances than are taken.
 */
export function readInstances(body: unknown, maxInstances: number, problems: ProblemList): unknown[] {
  const say = (path: string, message: string): void =>
    problems.add(() => ({ path, message, reason: 'wrong_shape' as const }));
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    say('', `is ${kindOf(body)}, wanted an object {"instances": [...]}`);
    return [];
  }
  for (const key of Object.keys(body)) {
    if (key === 'instances') continue;
    problems.add(() => ({ ...describeUnknownField(key, 'instances'), reason: 'wrong_shape' }));
  }
  const { instances } = body as { instances?: unknown };
  if (!Array.isArray(instances)) {
    say('/instances', `is ${kindOf(instances)}, wanted an array of objects`);
    return [];
  }
  if (instances.length === 0) say('/instances', 'is empty, wanted at least one instance');
  if (instances.length <= maxInstances) return instances;
  say('/instances', `holds ${instances.length} instances, wanted ${maxInstances} at most`);
  return [];
}
