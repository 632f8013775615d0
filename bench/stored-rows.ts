/** How many requests were answered and how many rows are in the table. */
export interface StoredRows {
  answered: number;
  stored: number;
  /** Requests that wrk may have cut off at the end of its runs: sent and stored, the answer not counted. */
  cutOff: number;
}

/** Checks that each answered request has its row, and that no row is there without a request. @throws Error with the numbers */
export function assertStored(rows: StoredRows): StoredRows {
  const { answered, stored, cutOff } = rows;
  if (stored >= answered && stored <= answered + cutOff) return rows;
  const problem = stored < answered ? `${answered - stored} rows are missing` : 'there are too many rows';
  throw new Error(
    `${problem}: ${answered} requests were answered (and up to ${cutOff} cut off), ${stored} rows stored`,
    {
      cause: 'stored',
    },
  );
}
