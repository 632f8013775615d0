import { manifestSchema } from '../core/manifest/schema.js';

const pattern = new RegExp(manifestSchema.properties.name.pattern ?? '');

/** Whether a model can have this name: as a manifest wants it, so at most 63 characters. */
export function isModelName(text: string): boolean {
  return pattern.test(text);
}
