/** A reference of fewer rows would take chance for the population. */
export const LEAST_REBASELINE_ROWS = 200;
