import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ModelDescription } from './model-description.js';
import type { ScenarioReport } from './report.js';
import type { TrafficRow } from './row-stream.js';

/** Says what a request file holds; its first line, as JSON. */
export interface RequestFileHeader {
  format: 'plumbline-requests/1';
  model: string;
  seed: number;
  rows: number;
  scenario: ScenarioReport;
}

/**
 * Writes the stream's first `count` rows as requests, one JSON object a line after the header:
 * `{"instances": […], "actuals": […]}`, where an actual is null when the row's truth is never told.
 */
export async function writeRequests(options: {
  path: string;
  header: RequestFileHeader;
  model: ModelDescription;
  stream: Generator<TrafficRow, never>;
  batch: number;
}): Promise<void> {
  await pipeline(Readable.from(lines(options)), createWriteStream(options.path));
}

function* lines({ header, model, stream, batch }: Parameters<typeof writeRequests>[0]): Generator<string> {
  yield `${JSON.stringify(header)}\n`;
  for (let left = header.rows; left > 0; left -= batch) {
    const rows = Array.from({ length: Math.min(batch, left) }, () => stream.next().value);
    const actuals = rows.map(({ target, hasOutcome }) => {
      if (!hasOutcome) return null;
      return model.task === 'regression' ? Number(target) : target;
    });
    yield `${JSON.stringify({ instances: rows.map((row) => row.instance), actuals })}\n`;
  }
}
