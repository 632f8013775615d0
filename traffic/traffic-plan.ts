import type { ModelDescription } from './model-description.js';
import type { TrafficOptions } from './options.js';
import type { ScenarioReport } from './report.js';
import { createRowStream, type TrafficRow } from './row-stream.js';
import { findScenario } from './scenarios/all.js';
import { loadTestRows } from './test-rows.js';

/** What will be sent, before anything is. */
export interface TrafficPlan {
  model: ModelDescription;
  stream: Generator<TrafficRow, never>;
  scenario: ScenarioReport;
}

/** Reads the rows and sets up the scenario, with the defaults filled in. @throws ProblemsError, Error */
export async function planTraffic(options: TrafficOptions, model: ModelDescription): Promise<TrafficPlan> {
  const rows = await loadTestRows(options.rows, model);
  const scenario = findScenario(options.scenario);
  const magnitude = options.magnitude ?? scenario.defaultMagnitude(model);
  const ramp = options.ramp ?? scenario.ramp;
  const { startAfter, seed, feature } = options;
  const apply = scenario.create({ model, rows, magnitude, ...(feature !== undefined && { feature }) });
  const outcomesShare = options.outcomes ? options.outcomesShare : 0;
  return {
    model,
    stream: createRowStream({ rows, scenario: apply, startAfter, ramp, outcomesShare, seed }),
    scenario: { name: scenario.name, feature: feature ?? null, magnitude, startAfter, ramp, truth: scenario.truth },
  };
}
