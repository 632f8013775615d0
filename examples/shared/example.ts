/** One row of an example. */
export interface ExampleRow {
  /** Identity of the row as its source has it: rows of the same key are copies of one another. */
  key: string;
  /** By column of reference.csv; null where missing. */
  cells: Record<string, string | number | boolean | null>;
}

/** Says what is wrong with a cell of the publisher's file, and goes on. */
export type SayProblem = (column: string, message: string) => void;

/** The file of the publisher, which is not part of this package. */
export interface Published {
  /** As the publisher calls it, such as `obesity.csv`. */
  file: string;
  /** Where it can be fetched from, if anywhere without an account. */
  url?: string;
  /** Columns it must have. */
  columns: readonly string[];
  /** Turns a line into a row; undefined where a cleaning rule leaves it out. */
  readRow(cells: Record<string, string>, say: SayProblem): ExampleRow | undefined;
}

/** What an example is made of, besides its model.yaml. */
export interface Example {
  /** Its folder. */
  name: string;
  /** Columns of reference.csv, held-out.csv and test.csv, in order: the features, then the target. */
  columns: readonly string[];
  published: Published;
  /** Rows that are generated unless told otherwise. */
  usualRows: number;
  /** Makes rows that resemble the publisher's; the same seed gives the same rows. */
  generate(rows: number, seed: number): ExampleRow[];
  /** Share of the distinct rows that go into reference.csv and held-out.csv, in (0, 1); the others are test.csv. */
  referenceShare: number;
}
