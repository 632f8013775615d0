import { closest } from '../../core/closest.js';
import { type Problem, ProblemsError } from '../../core/problems.js';
import { isTargetName, listCandidates, wayOf } from './candidates.js';
import { type Failed, type Found, type Known, tryWay } from './try-way.js';

/** The word for "no column holds the truth". */
export const NO_TARGET = 'none';

/** What is wrong with the likelier ways to read the columns is enough. */
const MOST_PROBLEMS = 3;

/**
 * Tells features and target apart: by what a person said, else by how well the model's answers agree with each column that
 * can be its target. @throws ProblemsError  no way to read the columns fits the model
 */
export async function findTarget(known: Known): Promise<Found> {
  const [{ file, table }] = known.tables;
  assertNamed(known);
  const named = known.target === NO_TARGET ? undefined : known.target;
  const ways = known.target
    ? [wayOf(named, table.columns, known.plan, known.features)].filter((way) => way !== undefined)
    : listCandidates(table.columns, known.plan, known.features);
  if (ways.length === 0) throw new ProblemsError(file, [wrongCount(known)]);
  const found: Found[] = [];
  const failed: Failed[] = [];
  for (const way of ways) {
    const result = await tryWay(way, known);
    if ('features' in result) found.push(result);
    else failed.push(result);
  }
  const best = choose(found);
  // A cell that is wrong spoils the likely ways; those that are left are no better for it.
  const ofCells = failed.filter((way) => way.ofCells);
  const agrees = (best?.agreement?.skill ?? 0) > 0;
  if (best && (agrees || ofCells.length === 0)) return best;
  const problems = (best ? ofCells : failed).flatMap((way) => way.problems);
  const different = problems.filter(({ message }, i) => problems.findIndex((p) => p.message === message) === i);
  throw new ProblemsError(file, different.slice(0, MOST_PROBLEMS));
}

function assertNamed({ target, features = [], tables: [{ file, table }] }: Known): void {
  const names = target === undefined || target === NO_TARGET ? features : [target, ...features];
  const lost = names.find((name) => !table.columns.includes(name));
  if (lost === undefined) return;
  const guess = closest(lost, table.columns);
  const advice = guess ? `did you mean "${guess}"?` : `its columns are ${table.columns.join(', ')}`;
  throw new ProblemsError(file, [{ where: `${file}:1`, message: `there is no column "${lost}"; ${advice}` }]);
}

function wrongCount({ plan, tables: [{ file, table }], features, target }: Known): Problem {
  const width = plan.kind === 'tensor' ? plan.width : undefined;
  if (width === undefined || features) {
    return { where: `${file}:1`, message: `the target "${target}" is one of the model's features; name another` };
  }
  const columns = `${table.columns.length} columns (${table.columns.join(', ')})`;
  const advice =
    table.columns.length < width
      ? 'give the rows as the model is given them, after encoding, or export the whole pipeline'
      : 'name those it was trained with, in its order: --features a,b,c; and the one that holds the truth: --target d';
  return { where: `${file}:1`, message: `has ${columns}, the model takes ${width} features; ${advice}` };
}

/** That with which the model agrees best; where it agrees with none, one that is called a target, then none, then the last. */
function choose(found: Found[]): Found | undefined {
  const agreeing = found.filter((way) => (way.agreement?.skill ?? 0) > 0);
  if (agreeing.length > 0) return agreeing.reduce((a, b) => (b.agreement!.skill > a.agreement!.skill ? b : a));
  const called = found.find(({ target }) => target !== undefined && isTargetName(target));
  return called ?? found.find(({ target }) => target === undefined) ?? found[0];
}
