import { realpath, rename, rm } from 'node:fs/promises';
import { requestFields } from '../../core/preparation/request-fields.js';
import type { RequestSource } from '../../core/request-source.js';
import { createSink, formatOf, openRows } from './files/by-name.js';
import type { SourceRow } from './files/row-file.js';
import { outputColumns } from './output-columns.js';
import { newPart } from './parts.js';
import { type Clock, createPost } from './post.js';
import { createReadInstance, type ReadInstance } from './read-instance.js';
import { createScore, type Scored, type ScoreInstances } from './score.js';
import { findModel, otherVersion } from './served-model.js';

/** What is to be scored, by whom. */
export interface PredictOptions {
  input: string;
  output: string;
  /** Address of the service. */
  url: string;
  /** The only model of the service where absent. */
  model?: string;
  /** No other may answer. */
  version?: number;
  /** Rows a request. */
  batchRows: number;
  source: RequestSource;
  /** Where the service wants one. */
  apiKey?: string | undefined;
  clock: Clock;
  /** Ends the run, without an output. */
  signal: AbortSignal;
  onProgress(progress: PredictProgress): void;
}

/** How far a run is. */
export interface PredictProgress {
  /** How much of the input was read, 0 to 1. */
  share: number;
  rows: number;
  /** Rows among them that have no answer. */
  failed: number;
}

/** What came of a run. */
export interface PredictSummary {
  model: string;
  /** Those that answered, in the order of their first answers; more than one where a promotion came between. */
  versions: number[];
  rows: number;
  failed: number;
  /** The first rows without an answer, and why they have none. */
  problems: { row: number; problem: string }[];
}

/** Rows without an answer that a summary lists. */
const LISTED_PROBLEMS = 20;

/**
 * Scores a file row by row into another, in order, holding so many rows in memory as go into a request (of a Parquet file a row
 * group). The output has its name only once it is whole.
 * @throws ProblemsError  a column is missing, or of the output's names
 * @throws Error  a file cannot be read or written, the service does not answer, or another version than the one wanted does; the
 *   reason of the signal
 */
export async function predictFile(options: PredictOptions): Promise<PredictSummary> {
  const { input, output, url, signal } = options;
  if (await isSameFile(input, output)) {
    throw new Error(`--input and --output are both ${input}; give the output a name of its own`, { cause: output });
  }
  for (const path of [input, output]) formatOf(path);
  const model = await findModel(options);
  const source = await openRows(input);
  const part = newPart(output);
  try {
    const added = outputColumns(model, source.columns, input);
    const read = createReadInstance(requestFields(model), source.columns, input);
    const post = createPost({ ...options, url: `${url}/v1/models/${encodeURIComponent(model.name)}/predict` });
    const score = createScore(post);
    const sink = await createSink(output, part, [...source.columns, ...added.columns]);
    const summary: PredictSummary = { model: model.name, versions: [], rows: 0, failed: 0, problems: [] };
    try {
      for await (const rows of source.batches(options.batchRows)) {
        signal.throwIfAborted();
        const scored = await scoreRows(rows, read, score);
        addTo(summary, rows, scored, options.version);
        await sink.write(rows.map(({ cells }, i) => [...cells, ...added.cells(scored[i]!)]));
        options.onProgress({ share: source.share(), rows: summary.rows, failed: summary.failed });
      }
      signal.throwIfAborted();
      await sink.finish();
    } catch (error) {
      await sink.abandon();
      throw error;
    }
    await rename(part, output);
    return summary;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  } finally {
    await source.close();
  }
}

/** Has the rows that can be read answered. @returns what became of each, in their order */
async function scoreRows(rows: SourceRow[], read: ReadInstance, score: ScoreInstances): Promise<Scored[]> {
  const readRows = rows.map(({ cells, problem }) => (problem === undefined ? read(cells) : { problem }));
  const answers = (await score(readRows.flatMap((row) => ('instance' in row ? [row.instance] : [])))).values();
  return readRows.map((row) => ('problem' in row ? row : answers.next().value!));
}

function addTo(summary: PredictSummary, rows: SourceRow[], scored: Scored[], wanted: number | undefined): void {
  summary.rows += rows.length;
  for (const [i, row] of scored.entries()) {
    if ('answer' in row) {
      const { modelVersion } = row.answer;
      if (wanted !== undefined && modelVersion !== wanted) throw otherVersion(summary.model, modelVersion, wanted);
      if (!summary.versions.includes(modelVersion)) summary.versions.push(modelVersion);
      continue;
    }
    summary.failed++;
    if (summary.problems.length < LISTED_PROBLEMS) {
      summary.problems.push({ row: rows[i]!.number, problem: row.problem });
    }
  }
}

async function isSameFile(input: string, output: string): Promise<boolean> {
  const there = await realpath(output).catch(() => undefined);
  return there !== undefined && there === (await realpath(input).catch(() => undefined));
}
