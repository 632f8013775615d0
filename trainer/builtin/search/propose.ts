import { createRandom, type Random } from '../../../core/random.js';
import type { Candidate } from '../candidate.js';
import { defaultCandidate } from '../candidate.js';
import type { Family } from '../model.js';
import { type Observed, suggest } from './parzen.js';
import { createSpace, type Point, pointOf, type Space, type SpaceInput } from './space.js';
import type { Trial } from './trial.js';

/** What is to be tried next. */
export interface Proposal {
  readonly number: number;
  readonly candidate: Candidate;
  readonly point: Point;
}

/** Trials drawn at random before the search learns from them; the defaults of the families come first. */
const RANDOM_TRIALS = 8;
/** The share of trials whose families are looked at to choose one. */
const GOOD_SHARE = 0.2;

/**
 * Proposes a trial: first the families' defaults, then random draws, then what the trials so far suggest. Depends on nothing
 * but its arguments.
 */
export function propose(options: {
  number: number;
  seed: number;
  families: readonly Family[];
  input: SpaceInput;
  trials: readonly Trial[];
}): Proposal {
  const { number, seed, families, input, trials } = options;
  const { task, dataset, classCount } = input;
  // The sequences of a generator with neighbouring seeds begin alike.
  const random = createRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  for (let i = 0; i < 10; i++) random.next();
  if (number < families.length) {
    const candidate = defaultCandidate(families[number]!, task, dataset, classCount);
    return { number, candidate, point: pointOf(createSpace(candidate.family, input), candidate) };
  }
  const isRandom = number < families.length + RANDOM_TRIALS;
  const family = isRandom ? families[number % families.length]! : chooseFamily(families, trials, random);
  const space = createSpace(family, input);
  const observed = isRandom ? [] : observedOf(space, trials);
  const point = suggest(observed, space.dimensions.length, random);
  return { number, candidate: space.candidateAt(point), point };
}

/** Each family by its share of the best fifth of the trials, with one trial added to each. */
function chooseFamily(families: readonly Family[], trials: readonly Trial[], random: Random): Family {
  const complete = trials.filter(({ state }) => state === 'complete').sort((a, b) => a.loss - b.loss);
  const good = complete.slice(0, Math.ceil(GOOD_SHARE * trials.length)).map(({ candidate }) => candidate.family);
  const tickets = [...families, ...good];
  return tickets[random.integer(tickets.length)]!;
}

/** Trials of the space's family; those that were given up count as worse than every other, in the order of their losses. */
function observedOf(space: Space, trials: readonly Trial[]): Observed[] {
  const own = trials.filter(({ candidate }) => candidate.family === space.family);
  const order = (state: Trial['state']): Trial[] =>
    own.filter((trial) => trial.state === state).sort((a, b) => a.loss - b.loss);
  return [...order('complete'), ...order('pruned')].map(({ candidate }, rank) => ({
    point: pointOf(space, candidate),
    score: rank,
  }));
}
