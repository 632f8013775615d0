import type { InputPlan } from './input-plan.js';

/** One way to read the columns: which is the target, if any, and which are the features, in the model's order. */
export interface Candidate {
  target: string | undefined;
  features: string[];
}

/** What people call the column that holds the truth. */
const TARGET_NAME = /^(target|label|labels|class|classes|y|outcome|truth|actual|species|churn|default)$/i;
/** What people call the column that tells rows apart, which models are not trained on; pandas writes its index without a name. */
const ROW_NAME = /^(|unnamed: \d+|index|id|row|row_?id|row_?number|.*_id|uuid)$/i;
/** More columns are not tried as the target. */
const MOST_CANDIDATES = 12;

/** Whether a column has a name that people give to the target. */
export function isTargetName(name: string): boolean {
  return TARGET_NAME.test(name);
}

/**
 * The ways to read columns as features and target, the likelier first: usual names of a target, the last column, the first,
 * the others; and that without a target, where all columns can be features.
 * @param wanted  features in their order, where a person named them
 */
export function listCandidates(columns: string[], plan: InputPlan, wanted?: string[]): Candidate[] {
  const others = columns.filter((name) => !isTargetName(name));
  const order = [...columns.filter(isTargetName), ...others.slice(-1), ...others.slice(0, -1)];
  const ways = order.slice(0, MOST_CANDIDATES).map((target) => wayOf(target, columns, plan, wanted));
  return [...ways, wayOf(undefined, columns, plan, wanted)].filter((way) => way !== undefined);
}

/** The same for a target that a person named. @returns undefined where the features do not come out */
export function wayOf(
  target: string | undefined,
  columns: string[],
  plan: InputPlan,
  wanted?: string[],
): Candidate | undefined {
  const others = columns.filter((name) => name !== target);
  if (wanted) return target !== undefined && wanted.includes(target) ? undefined : { target, features: wanted };
  if (plan.kind === 'columns') {
    const features = plan.inputs.map(({ name }) => name);
    return target !== undefined && features.includes(target) ? undefined : { target, features };
  }
  if (plan.width === others.length) return { target, features: others };
  const features = others.filter((name) => !ROW_NAME.test(name));
  return plan.width === undefined || plan.width === features.length ? { target, features } : undefined;
}
