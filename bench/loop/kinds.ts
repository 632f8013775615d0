import type { Instance } from '../../core/manifest/manifest.js';
import type { LabelledRows } from '../../core/project/reference.js';
import type { Random } from '../../core/random.js';

const COLOURS = ['red', 'green', 'blue'];

/** The manifest of the simulated model, as a person would write it. */
export const SIMULATED = {
  name: 'simulated',
  task: 'multiclass',
  target: 'grade',
  classes: ['low', 'mid', 'high'],
  features: [
    { name: 'size', type: 'numeric' },
    { name: 'weight', type: 'numeric', missing: true },
    { name: 'colour', type: 'categorical', categories: COLOURS },
  ],
} as const;

/** A world that rows are drawn from. Undefined: as the reference was drawn. */
export interface World {
  /** What is true of a row before it is measured. */
  shift?: (row: TrueRow) => TrueRow;
  /** How the grade follows from it; higher is higher. */
  score?: (row: TrueRow) => number;
  /** What the service is sent in place of it. */
  measure?: (instance: Instance, random: Random) => Instance;
  /** Share of outcomes that are a class drawn at random. */
  wrongOutcomes?: number;
}

interface TrueRow {
  size: number;
  weight: number;
  colour: string;
}

/** One kind of thing that happens to a model. */
export interface Kind {
  name: string;
  /** In words, for the document. */
  what: string;
  /** What live rows are drawn from, by the number of the loop. */
  world: (loop: number) => World;
}

const score = ({ size, weight, colour }: TrueRow): number => size + (colour === 'red' ? 1 : 0) + (weight - 50) / 40;

/** Broken data takes turns: a unit, a missing sensor, a renamed category. */
const BREAKAGES: World[] = [
  { measure: (row) => ({ ...row, size: Number(row.size) * 1_000 }) },
  { measure: (row, random) => ({ ...row, weight: random.next() < 0.5 ? null : row.weight }) },
  { measure: (row) => ({ ...row, colour: row.colour === 'red' ? 'RED' : row.colour }) },
];

/** The kinds of docs/benchmarks-loop.md. */
export const KINDS: Kind[] = [
  { name: 'no drift', what: 'live rows are drawn as the reference was', world: () => ({}) },
  {
    name: 'harmless drift',
    what: 'weight moves by a standard deviation; how the grade follows from a row stays as it was',
    world: () => ({ shift: (row) => ({ ...row, weight: row.weight + 10 }) }),
  },
  {
    name: 'concept drift',
    what: 'sizes move by half a standard deviation, and what was red’s bonus is blue’s',
    world: () => ({
      shift: (row) => ({ ...row, size: row.size + 0.5 }),
      score: (row) => score({ ...row, colour: row.colour === 'blue' ? 'red' : 'green' }),
    }),
  },
  {
    name: 'broken data',
    what: 'in turns: sizes a thousandfold, half of the weights missing, red written RED',
    world: (loop) => BREAKAGES[loop % BREAKAGES.length]!,
  },
  { name: 'label noise', what: '30 % of the outcomes are a class at random', world: () => ({ wrongOutcomes: 0.3 }) },
  {
    name: 'changed meaning',
    what: 'what was red’s bonus is blue’s, and rows are drawn as before: outcomes alone show it',
    world: () => ({ score: (row) => score({ ...row, colour: row.colour === 'blue' ? 'red' : 'green' }) }),
  },
  {
    name: 'reversed meaning',
    what: 'what was high is low, and rows are drawn as before: the reference is false as a whole',
    world: () => ({ score: (row) => 0.5 - score(row) }),
  },
];

/** Draws labelled rows of a world. @param options.clean  with the true outcomes whatever the world says */
export function drawRows(world: World, rows: number, random: Random, options: { clean?: boolean } = {}): LabelledRows {
  const instances: Instance[] = [];
  const targets: string[] = [];
  for (let i = 0; i < rows; i++) {
    const drawn = { size: random.normal(), weight: 50 + 10 * random.normal(), colour: COLOURS[random.integer(3)]! };
    const row = world.shift?.(drawn) ?? drawn;
    const level = (world.score ?? score)(row) + 0.4 * random.normal();
    const truth = level < -0.3 ? 'low' : level < 0.8 ? 'mid' : 'high';
    const isWrong = random.next() < (options.clean ? 0 : (world.wrongOutcomes ?? 0));
    const instance: Instance = { ...row, weight: random.next() < 0.05 ? null : row.weight };
    instances.push(world.measure?.(instance, random) ?? instance);
    targets.push(isWrong ? SIMULATED.classes[random.integer(3)]! : truth);
  }
  return { instances, targets };
}
