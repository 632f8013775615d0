import { type Problem, ProblemsError } from '../../core/problems.js';
import { asPlain, type RowColumn } from './files/row-file.js';
import type { Scored } from './score.js';
import type { ServedModel } from './served-model.js';

/** The columns that follow those of the input, and how a row's are made. */
export interface OutputColumns {
  columns: RowColumn[];
  /** A cell for each; null where there is none. */
  cells(scored: Scored): unknown[];
}

const OPTIONAL = { repetition_type: 'OPTIONAL' } as const;
const TEXT = { type: 'BYTE_ARRAY', converted_type: 'UTF8', ...OPTIONAL } as const;
/** What the service answers are float32 numbers, so nothing is lost. */
const REAL = { type: 'FLOAT', ...OPTIONAL } as const;
const INTEGER = { type: 'INT32', ...OPTIONAL } as const;

/**
 * `prediction_id`, `label` and a `probability_…` for each class (of a regression `value`), `model_version`, `error`.
 * @throws ProblemsError  the input has a column of one of these names
 */
export function outputColumns(model: ServedModel, input: RowColumn[], file: string): OutputColumns {
  const classes = model.classes ?? [];
  const isNumber = model.task === 'regression';
  const types = {
    prediction_id: TEXT,
    ...(isNumber ? { value: REAL } : { label: TEXT }),
    ...Object.fromEntries(classes.map((name) => [`probability_${name}`, REAL])),
    model_version: INTEGER,
    error: TEXT,
  };
  const problems: Problem[] = input
    .filter(({ name }) => Object.hasOwn(types, name))
    .map(({ name }) => ({ where: file, message: `column "${name}" is one that the output adds; rename it` }));
  if (problems.length > 0) throw new ProblemsError(file, problems);
  return {
    columns: Object.entries(types).map(([name, type]) => ({ name, element: { name, ...type }, plain: asPlain })),
    cells: (scored) => {
      if ('problem' in scored) return [null, null, ...classes.map(() => null), null, scored.problem];
      const { id, label, value, probabilities, modelVersion } = scored.answer;
      const answer = (isNumber ? value : label) ?? null;
      return [id, answer, ...classes.map((name) => probabilities?.[name] ?? null), modelVersion, null];
    },
  };
}
