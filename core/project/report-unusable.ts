import type { Instance, Manifest } from '../manifest/manifest.js';
import { createFindUnusable } from '../preparation/check-prepared.js';
import { encodeRows } from '../preparation/prepare.js';
import type { Problem } from '../problems.js';

/** Adds to `problems` the first row of each raw input out of which a feature cannot be made. Nothing to do without inputs, or while there are problems already. */
export function reportUnusable(manifest: Manifest, instances: Instance[], file: string, problems: Problem[]): void {
  if (!manifest.inputs || problems.length > 0) return;
  const batch = encodeRows(manifest, instances);
  const find = createFindUnusable(manifest, false);
  const reported = new Set<string>();
  for (let row = 0; row < batch.rows; row++) {
    for (const { input, message } of find(batch, row)) {
      if (reported.has(input)) continue;
      reported.add(input);
      const advice = 'write "missing: true" for the feature, or clean the row';
      problems.push({ where: `${file}:${row + 2}`, message: `column "${input}": ${message}; ${advice}` });
    }
  }
}
