/** With fewer reference rows, nothing is said of a subject: its windows are `insufficient-data`, however many rows they have. */
export const LEAST_REFERENCE_ROWS = 30;
