import { escapeText } from '../../core/postgres/copy.js';
import type { Spool } from '../capture/spool.js';
import { CaptureFailedError, SpoolFullError } from '../errors.js';
import type { CaptureMetrics } from '../metrics/capture.js';
import { idMilliseconds } from '../new-id.js';
import { type Captured, predictionText } from './prediction-text.js';

/** Writes what was answered to the spool; resolves once it is there. @throws CaptureFailedError, SpoolFullError */
export type RecordRows = (captured: Captured) => Promise<void>;

/** Makes the last step before the answer for one model version: one record a request; requests share a write. */
export function createRecord(options: {
  spool: Pick<Spool, 'append'>;
  modelName: string;
  modelVersion: number;
  metrics: Pick<CaptureMetrics, 'accepted' | 'refused' | 'failed'>;
}): RecordRows {
  const { spool, modelName, modelVersion, metrics } = options;
  const source = `${escapeText(modelName)}\t${modelVersion}\tlive`;
  return async (captured) => {
    const { ids } = captured;
    const rows = ids.length;
    const text = await predictionText(captured, source);
    try {
      await spool.append({
        modelName,
        modelVersion,
        rows,
        firstMs: idMilliseconds(ids[0]!),
        lastMs: idMilliseconds(ids[rows - 1]!),
        text,
      });
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
