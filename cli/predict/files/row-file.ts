import type { SchemaElement } from 'hyparquet';

/** What a cell comes down to: what a person would write into a CSV file, or what JSON holds. */
export type PlainValue = string | number | boolean | null;

/** A column of a file of rows. */
export interface RowColumn {
  name: string;
  /** How a Parquet file holds it; text where this is absent. */
  element?: SchemaElement;
  /** A cell as `RowSource` gives it, in plain form. */
  plain(cell: unknown): PlainValue;
}

/** A row of a file. */
export interface SourceRow {
  /** Counted from 1; a header is none. */
  number: number;
  /** One for each column; what is not there is null. */
  cells: unknown[];
  /** Why the row cannot be read, where it cannot. */
  problem?: string;
}

/** The rows of a file, read as they are asked for. */
export interface RowSource {
  columns: RowColumn[];
  /** All rows in order, so many at a time, the last ones fewer. @throws Error the file cannot be read any further */
  batches(rows: number): AsyncGenerator<SourceRow[]>;
  /** How much of the file was read, 0 to 1. */
  share(): number;
  close(): Promise<void>;
}

/** A file of rows that is being written. */
export interface RowSink {
  /** Appends rows, a cell for each column, as they came from `RowSource` or in plain form. */
  write(rows: unknown[][]): Promise<void>;
  /** Writes what is left and closes the file: only then it is whole. */
  finish(): Promise<void>;
  /** Closes the file as it is. */
  abandon(): Promise<void>;
}

/** Cells that are in plain form already. */
export function asPlain(cell: unknown): PlainValue {
  return cell as PlainValue;
}
