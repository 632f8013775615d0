import { join } from 'node:path';
import { type Contestant, ENVIRONMENTS, type EnvironmentName } from './contestants/contestant.js';
import { startBenchDatabase } from './database.js';
import { describeMachine, loadAverage } from './document/machine.js';
import type { BenchResults } from './document/results-file.js';
import { type InferenceAlone, measureInferenceAlone } from './floor/session-run.js';
import { measureRound, type RoundOptions } from './measure.js';
import { prepareModel } from './model/prepare.js';
import { type Plan, rotate } from './plan.js';
import type { ContestantResult } from './results.js';
import { type Environment, prepareEnvironment } from './servers/environments.js';

/** What a run of the benchmark is asked for. */
export interface BenchRun {
  contestants: Contestant[];
  plan: Plan;
  /** Folder for environments, model and database. */
  cache: string;
  csv: string | undefined;
  seed: number;
  say: (line: string) => void;
}

type Environments = Map<EnvironmentName, Environment>;

/** Prepares environments, model and database, then measures every contestant in every round. */
export async function runBench(run: BenchRun): Promise<BenchResults> {
  const { contestants, plan, cache, csv, seed, say } = run;
  const startedAt = new Date().toISOString();
  const loadAverageAtStart = loadAverage();
  const environments = await prepareEnvironments(run);
  say('training the model');
  const python = programOf('python', environments)('python');
  const model = await prepareModel({ folder: join(cache, 'model'), python, csv, seed });
  const database = await startBenchDatabase(join(cache, 'home'), model.folder);
  try {
    const results: ContestantResult[] = contestants.map(({ name, title }) => ({ name, title, rounds: [] }));
    const inference: InferenceAlone[] = [];
    for (let round = 0; round < plan.rounds; round++) {
      say(`round ${round + 1} of ${plan.rounds}`);
      inference.push(await measureInferenceAlone(model.folder, 1));
      for (const contestant of rotate(contestants, round)) {
        const program = programOf(contestant.environment, environments);
        const result = results.find(({ name }) => name === contestant.name)!;
        await addRound(result, contestant, { plan, model, database, cache, program }, say);
      }
    }
    const installed = [...environments].flatMap(([name, made]) => ('packages' in made ? [[name, made.packages]] : []));
    return {
      startedAt,
      endedAt: new Date().toISOString(),
      loadAverageAtStart,
      loadAverageAtEnd: loadAverage(),
      machine: await describeMachine(),
      postgres: { version: database.version, durability: database.durability },
      packages: Object.fromEntries(installed),
      plan,
      data: csv ? 'the publisher’s white wines' : `4,898 generated rows like the publisher’s (seed ${seed})`,
      trees: model.trees,
      results,
      inference,
    };
  } finally {
    await database.stop();
  }
}

/** The environments that the contestants need, and the one that trains the model. */
async function prepareEnvironments({ contestants, cache, say }: BenchRun): Promise<Environments> {
  const needed = new Set(contestants.map(({ environment }) => environment));
  needed.add('python');
  const environments: Environments = new Map();
  for (const name of Object.keys(ENVIRONMENTS) as EnvironmentName[]) {
    if (!needed.has(name)) continue;
    say(`preparing the Python environment ${name}`);
    environments.set(name, await prepareEnvironment(name, cache));
  }
  return environments;
}

function programOf(name: EnvironmentName | undefined, environments: Environments): (program: string) => string {
  return (program) => {
    const environment = name && environments.get(name);
    if (!environment) throw new Error(`the bench has no environment to run ${program} in`);
    if ('reason' in environment) throw new Error(environment.reason, { cause: 'environment' });
    return join(environment.folder, 'bin', program);
  };
}

/** A server that fails is told in the table with its reason; the others go on. */
async function addRound(
  result: ContestantResult,
  contestant: Contestant,
  options: RoundOptions,
  say: (line: string) => void,
): Promise<void> {
  try {
    const round = await measureRound(contestant, options);
    result.rounds.push(round);
    say(`  ${contestant.name}: ${Math.round(round.maximum.requestsPerSecond)} requests/s`);
  } catch (error) {
    result.failure = (error as Error).message;
    say(`  ${contestant.name}: FAILED: ${result.failure}`);
  }
}
