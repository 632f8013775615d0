import { SOURCE_HEADER } from '../../core/request-source.js';

/** The header that marks rows as scored from a file. */
export const sourceHeader = {
  name: SOURCE_HEADER,
  in: 'header',
  required: false,
  description:
    '"batch": the rows come from a file that is scored. They are stored, and left out of windows, performance, training sets and rollouts. Any other value, and none: the rows are live ones.',
  schema: { type: 'string' },
};
