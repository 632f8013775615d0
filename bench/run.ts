import { join } from 'node:path';
import { startCollector } from './collector.js';
import type { Contestant, EnvironmentName } from './contestants/contestant.js';
import type { BenchContext } from './context.js';
import { type BenchDatabase, startBenchDatabase } from './database.js';
import { describeMachine, loadAverage } from './document/machine.js';
import type { BenchResults, Measured, SectionFindings, SectionName } from './document/results-file.js';
import { type BenchModel, prepareModel } from './model/prepare.js';
import type { Plan } from './plan.js';
import { SECTIONS } from './sections/all.js';
import { type Environments, prepareEnvironments, programOf } from './servers/environments.js';
import { type Disturbance, startMeter } from './servers/meter.js';

/** What a run of the benchmark is asked for. */
export interface BenchRun {
  sections: readonly SectionName[];
  /** Of the section that measures servers beside each other. */
  contestants: readonly Contestant[];
  plan: Plan;
  /** Folder for environments, model and database. */
  cache: string;
  csv: string | undefined;
  seed: number;
  say: (line: string) => void;
  /** Told each section once it is measured, so that a run which is interrupted leaves what it has. */
  onSection: (results: BenchResults) => Promise<void>;
}

/** Seeds of other models begin here, so that they differ from that of the main one. */
const OTHER_SEEDS = 1_000;

/** Prepares environments, model and database, then measures section after section. */
export async function runBench(run: BenchRun): Promise<void> {
  const { plan, cache, csv, seed, say } = run;
  const needed: EnvironmentName[] = run.sections.includes('servers')
    ? run.contestants.flatMap(({ environment }) => environment ?? [])
    : [];
  const environments = await prepareEnvironments(['python', ...needed], cache, say);
  const python = programOf('python', environments)('python');
  say('training the model');
  const model = await prepareModel({ folder: join(cache, 'model'), python, csv, seed });
  const database = await startBenchDatabase(join(cache, 'home'), model.folder);
  const collector = await startCollector();
  const context = (disturbances: Disturbance[]): BenchContext => ({
    plan,
    model,
    database,
    collector,
    contestants: run.contestants,
    cache,
    say,
    program: (environment, name) => programOf(environment, environments)(name),
    trainAnother: (folder, other) => prepareModel({ folder, python, csv: undefined, seed: OTHER_SEEDS + other }),
    meter: async (what, pid, measure) => {
      const end = await startMeter(what, pid);
      const result = await measure();
      const metered = await end();
      const { serverCorePercent, loadCorePercent } = metered;
      disturbances.push({ what, serverCorePercent, loadCorePercent });
      return { result, metered };
    },
  });
  try {
    for (const name of run.sections) {
      say(`section ${name}`);
      await run.onSection(await measureSection(name, { context, run, model, database, environments }));
    }
  } finally {
    await collector.stop();
    await database.stop();
  }
}

async function measureSection<Name extends SectionName>(
  name: Name,
  options: {
    context: (disturbances: Disturbance[]) => BenchContext;
    run: BenchRun;
    model: BenchModel;
    database: BenchDatabase;
    environments: Environments;
  },
): Promise<BenchResults> {
  const { context, run, model, database, environments } = options;
  const [startedAt, loadAverageAtStart] = [new Date().toISOString(), loadAverage()];
  const disturbances: Disturbance[] = [];
  const measure = SECTIONS[name] as (context: BenchContext) => Promise<SectionFindings[Name]>;
  const outcome = await measure(context(disturbances)).then(
    (found) => ({ found }),
    (error: Error) => ({ failure: error.message }),
  );
  if ('failure' in outcome) run.say(`  FAILED: ${outcome.failure}`);
  const installed = [...environments].flatMap(([key, made]) => ('packages' in made ? [[key, made.packages]] : []));
  const measured: Measured<SectionFindings[Name]> = {
    stamp: {
      startedAt,
      endedAt: new Date().toISOString(),
      loadAverageAtStart,
      loadAverageAtEnd: loadAverage(),
      machine: await describeMachine(),
      postgres: { version: database.version, durability: database.durability },
      packages: Object.fromEntries(installed),
      plan: run.plan,
      data: run.csv ? 'the publisher’s white wines' : `4,898 generated rows like the publisher’s (seed ${run.seed})`,
      trees: model.trees,
    },
    disturbances,
    ...outcome,
  };
  return { [name]: measured };
}
