import { writeFile } from 'node:fs/promises';
import type { ModelDescription } from '../../traffic/model-description.js';
import { createRowStream } from '../../traffic/row-stream.js';
import { findScenario } from '../../traffic/scenarios/all.js';
import { loadTestRows } from '../../traffic/test-rows.js';

const BODIES = 5_000;
/** Another order than that of the rows with outcomes. */
const SEED = 2;

/** Writes request bodies of one row each, one a line, as `plumbline traffic` would send them under a scenario. */
export async function writeBodies(
  path: string,
  { description, file, scenario: name }: { description: ModelDescription; file: string; scenario: string },
): Promise<void> {
  const rows = await loadTestRows(file, description);
  const scenario = findScenario(name);
  const apply = scenario.create({ model: description, rows, magnitude: scenario.defaultMagnitude(description) });
  const stream = createRowStream({ rows, scenario: apply, startAfter: 0, ramp: 0, outcomesShare: 0, seed: SEED });
  const bodies = Array.from({ length: BODIES }, () => JSON.stringify({ instances: [stream.next().value.instance] }));
  await writeFile(path, `${bodies.join('\n')}\n`);
}
