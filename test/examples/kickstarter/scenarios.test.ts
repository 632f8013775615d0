import { join } from 'node:path';
import { median } from 'simple-statistics';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeInstances } from '../../../core/inference/batch.js';
import type { Manifest } from '../../../core/manifest/manifest.js';
import { encodeRows } from '../../../core/preparation/prepare.js';
import { loadUntrainedProject } from '../../../core/project/load.js';
import { kickstarter } from '../../../examples/kickstarter/example.js';
import { prepareProject } from '../../../examples/shared/prepare-project.js';
import { type ModelDescription, sentFields } from '../../../traffic/model-description.js';
import { createRowStream } from '../../../traffic/row-stream.js';
import { findScenario } from '../../../traffic/scenarios/all.js';
import { loadTestRows, type TestRow } from '../../../traffic/test-rows.js';
import { findData, needData } from '../../helpers/tool.js';
import { psiOf } from '../../traffic/drift-of.js';
import { temporaryFolder } from '../../traffic/wine-model.js';

const sources: [string, string?][] = [['generated'], ['published', 'kickstarter.csv']];

const GOALS = ['usd_goal', 'goal_over_main_category', 'goal_over_sub_category'];
const OTHERS = ['creation_to_launch_hours', 'name_length', 'description_length'];

describe.each(sources)('scenarios on %s projects', (_, file) => {
  let manifest: Manifest;
  let model: ModelDescription;
  let reference: TestRow[];
  let test: TestRow[];
  beforeAll(async () => {
    const csv = file && findData(file);
    if (file && csv === undefined) return;
    const output = await temporaryFolder();
    await prepareProject(kickstarter, { output, seed: 1, ...(csv !== undefined && { csv }) });
    const project = await loadUntrainedProject(output);
    manifest = project.manifest;
    model = { ...manifest, features: sentFields(manifest) };
    reference = project.reference.instances.map((instance, i) => ({ instance, target: project.reference.targets[i]! }));
    test = await loadTestRows(join(output, 'test.csv'), model);
  });
  beforeEach((context) => {
    if (file) needData(context, file);
  });

  /** Rows as the model gets them. */
  function prepared(rows: TestRow[]): TestRow[] {
    const instances = decodeInstances(
      manifest,
      encodeRows(
        manifest,
        rows.map(({ instance }) => instance),
      ),
    );
    return instances.map((instance, i) => ({ instance, target: rows[i]!.target }));
  }
  function sent(name: string, feature?: string): TestRow[] {
    const found = findScenario(name);
    const magnitude = found.defaultMagnitude(model);
    const scenario = found.create({ model, rows: test, magnitude, ...(feature !== undefined && { feature }) });
    const stream = createRowStream({ rows: test, scenario, startAfter: 0, ramp: 0, outcomesShare: 1, seed: 3 });
    return prepared(Array.from({ length: 1_000 }, () => stream.next().value));
  }
  const psis = (features: string[], rows: TestRow[]): number[] => {
    const before = prepared(reference);
    return features.map((feature) => psiOf(feature, before, rows));
  };

  it('takes the medians of the reference rows, and of no test row', () => {
    const { medians } = manifest.features.find(({ name }) => name === 'goal_over_main_category')!.from!;
    for (const main of ['food', 'music']) {
      const goals = (rows: TestRow[]): number[] =>
        rows.filter(({ instance }) => instance.main_category === main).map(({ instance }) => Number(instance.usd_goal));
      expect(medians!.byCategory[main]).toBe(median(goals(reference)));
    }
  });

  it('none: nothing drifts', () => {
    expect(Math.max(...psis([...GOALS, ...OTHERS], sent('none')))).toBeLessThan(0.1);
  });

  it('sudden-shift: a larger goal moves the three features made of it, and no other', () => {
    const rows = sent('sudden-shift');
    expect(Math.min(...psis(GOALS, rows))).toBeGreaterThan(0.25);
    expect(Math.max(...psis(OTHERS, rows))).toBeLessThan(0.1);
  });

  it('population-shift: more projects with large goals', () => {
    expect(Math.min(...psis(GOALS, sent('population-shift', 'usd_goal')))).toBeGreaterThan(0.25);
  });

  it('new-category: a country nobody trained with, in a fifth of the rows', () => {
    const rows = sent('new-category', 'country');
    const share = rows.filter(({ instance }) => instance.country === 'new-category').length / rows.length;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.25);
    expect(Math.max(...psis([...GOALS, ...OTHERS], rows))).toBeLessThan(0.1);
  });

  it('new-category: a text that is only counted has no categories', () => {
    expect(() => sent('new-category', 'blurb')).toThrow('is not one of its categorical features: main_category, ');
  });
});
