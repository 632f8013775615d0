import { LEAST_REFERENCE_ROWS } from '../core/reference/least-rows.js';

/** What predictions of a project's model are compared with, in a sentence. @param heldOutRows  of held-out.csv; undefined without the file */
export function comparedWith(heldOutRows: number | undefined): string {
  if (heldOutRows === undefined) {
    return 'predictions are compared with the answers to reference.csv; if the model has learned those rows, it is surer of them than of new ones: put rows that it has not learned into held-out.csv';
  }
  const sentence = `predictions are compared with the answers to the ${heldOutRows} rows of held-out.csv`;
  if (heldOutRows >= LEAST_REFERENCE_ROWS) return sentence;
  return `${sentence}; fewer than ${LEAST_REFERENCE_ROWS} say nothing: every verdict on predictions will be insufficient-data, so put more rows there`;
}
