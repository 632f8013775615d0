import { type InSlices, inSlices } from '../../core/in-slices.js';
import { escapeText } from '../../core/postgres/copy.js';
import type { Spool } from '../capture/spool.js';
import { CaptureFailedError, SpoolFullError } from '../errors.js';
import type { CaptureMetrics } from '../metrics/capture.js';
import { idMilliseconds } from '../new-id.js';
import { type Captured, createWriteRows, type WriteRows } from './prediction-text.js';
import { SMALL_ROWS } from './quick-read.js';

/** Writes what was answered to the spool; resolves once it is there. @throws CaptureFailedError, SpoolFullError */
export type RecordRows = (captured: Captured) => Promise<void>;

/** Makes the last step before the answer for one model version: one record a request; requests share a write. */
export function createRecord(options: {
  spool: Pick<Spool, 'append'>;
  modelName: string;
  modelVersion: number;
  metrics: Pick<CaptureMetrics, 'accepted' | 'refused' | 'failed'>;
  eachSlice?: InSlices;
}): RecordRows {
  const { spool, modelName, modelVersion, metrics, eachSlice = inSlices } = options;
  const writeRows = createWriteRows(`${escapeText(modelName)}\t${modelVersion}\tlive`);
  return async (captured) => {
    const { ids } = captured;
    const rows = ids.length;
    const text = rows <= SMALL_ROWS ? writeRows(captured, 0, rows) : await joinSlices(captured, writeRows, eachSlice);
    const firstMs = idMilliseconds(ids[0]!);
    const lastMs = rows === 1 ? firstMs : idMilliseconds(ids[rows - 1]!);
    try {
      await spool.append({ modelName, modelVersion, rows, firstMs, lastMs, text });
      metrics.accepted(rows);
    } catch (error) {
      if (error instanceof SpoolFullError) {
        metrics.refused(rows);
        throw error;
      }
      metrics.failed(rows);
      throw new CaptureFailedError(error);
    }
  };
}

/** The text of many rows. Joining an array makes each slice's text one piece of memory; `+=` would leave that to the end. */
async function joinSlices(captured: Captured, writeRows: WriteRows, eachSlice: InSlices): Promise<string> {
  const slices: string[] = [];
  await eachSlice(captured.ids.length, (start, end) => {
    slices.push([writeRows(captured, start, end), ''].join(''));
  });
  return slices.join('');
}
