import type { ModelDescription } from '../model-description.js';

/**
 * Another truth for a row. Classification: `size` classes down the class order, from the first round to the last, so
 * that every class still means one thing and the task stays as learnable as it was. Regression: lower by the share `size`.
 */
export function moveOutcome(model: ModelDescription, target: string, size: number): string {
  if (model.task === 'regression') return String(Number(target) * (1 - size));
  const count = model.classes.length;
  const at = model.classes.indexOf(target);
  return model.classes[(((at - Math.round(size)) % count) + count) % count] ?? target;
}

/** How far an outcome moves where a scenario's magnitude is about something else: one class, or 30 %. */
export function defaultMove(model: ModelDescription): number {
  return model.task === 'regression' ? 0.3 : 1;
}
