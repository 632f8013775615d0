import { categoricalFeatures, type Manifest, numericFeatures } from '../../core/manifest/manifest.js';
import {
  createReadText,
  readDoubles,
  readFloats,
  readTexts,
  readTimestamp,
} from '../../core/postgres/binary-values.js';
import { type CopyBytes, copyOut } from '../../core/postgres/copy-out.js';
import type { Client } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import type { TakenBatches } from './take-batches.js';

/** A stored prediction as the monitor reads it. */
export interface LiveRow {
  /** Event time, seconds since 1970. */
  requestedAt: number;
  /** Numeric and boolean features in manifest order, NaN where missing. */
  numeric: Float64Array;
  /** Categorical features in manifest order, null where missing. */
  categorical: (string | null)[];
  label: string | null;
  /** Class probabilities in the order of the manifest, NaN where the model gives none. */
  scores: Float64Array;
  /** Value of a regression, else NaN. */
  value: number;
}

/** Columns of `predictions` that `createRowReader` reads, in its order. */
export const LIVE_ROW_COLUMNS =
  'p.requested_at, p.numeric_features, p.categorical_features, p.label, p.scores, p.value';
/** How many they are. */
export const LIVE_ROW_FIELDS = 6;

/** Makes a reader that turns a COPY row, which begins with `LIVE_ROW_COLUMNS`, into one and the same object again and again. */
export function createRowReader(
  manifest: Manifest,
): (source: CopyBytes, starts: Int32Array, lengths: Int32Array) => LiveRow {
  const readText = createReadText();
  const row: LiveRow = {
    requestedAt: 0,
    numeric: new Float64Array(numericFeatures(manifest).length),
    categorical: new Array<string | null>(categoricalFeatures(manifest).length).fill(null),
    label: null,
    scores: new Float64Array(manifest.classes.length).fill(Number.NaN),
    value: Number.NaN,
  };
  return (source, starts, lengths) => {
    row.requestedAt = readTimestamp(source, starts[0]!) / 1e6;
    readDoubles(source, starts[1]!, row.numeric);
    readTexts(source, starts[2]!, row.categorical, readText);
    row.label = lengths[3] === -1 ? null : readText(source, starts[3]!, lengths[3]!);
    if (lengths[4] === -1) row.scores.fill(Number.NaN);
    else readFloats(source, starts[4]!, row.scores);
    row.value = lengths[5] === -1 ? Number.NaN : source.view.getFloat32(starts[5]!);
    return row;
  };
}

/**
 * Reads the live rows of capture batches; shadow ones, those of files, and those without an answer,
 * are no evidence of drift and are left out.
 * @param onRow  gets the same object for every row
 * @returns how many rows there were
 */
export async function readLiveRows(
  client: Client,
  version: ModelVersion,
  batches: TakenBatches,
  onRow: (row: LiveRow) => void,
): Promise<number> {
  // Times as literals: the planner then knows how little of the table they are. A Date is cut to milliseconds. Batches are
  // compared without their index, which takes as long for each of them as the index of times takes for all.
  const time = (date: Date): string => client.escapeLiteral(date.toISOString());
  const query = `select ${LIVE_ROW_COLUMNS} from predictions p
    where ${liveRowsOf(client, version)}
      and (batch_id = any(${client.escapeLiteral(`{${batches.batchIds.join(',')}}`)}::uuid[])) is true
      and requested_at >= ${time(batches.first)} and requested_at < ${time(new Date(batches.last.getTime() + 1))}`;
  const read = createRowReader(version.manifest);
  return copyOut(client, query, LIVE_ROW_FIELDS, (...fields) => onRow(read(...fields)));
}

/**
 * Reads all live rows of a version that lie in [from, to), seconds since 1970; of those that are stored but whose batch no
 * one has taken yet, none.
 */
export async function readRowsBetween(
  client: Client,
  version: ModelVersion,
  range: { from: number; to: number },
  onRow: (row: LiveRow) => void,
): Promise<number> {
  const query = `select ${LIVE_ROW_COLUMNS} from predictions p
    where ${liveRowsOf(client, version)}
      and requested_at >= to_timestamp(${range.from}) and requested_at < to_timestamp(${range.to})
      and exists (select from capture_batches b
                   where b.batch_id = p.batch_id and b.model_name = p.model_name and b.model_version = p.model_version
                     and b.summarised_at is not null)`;
  const read = createRowReader(version.manifest);
  return copyOut(client, query, LIVE_ROW_FIELDS, (...fields) => onRow(read(...fields)));
}

/** The condition that rows of `predictions` are live ones of a version, with an answer. */
export function liveRowsOf(client: Client, version: ModelVersion): string {
  return `p.model_name = ${client.escapeLiteral(version.modelName)} and p.model_version = ${version.modelVersion}
      and p.source = 'live' and p.error_class is null`;
}
