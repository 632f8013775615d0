import { type InSlices, inSlices } from '../../core/in-slices.js';
import type { WriteInputs } from '../../core/preparation/stored-inputs.js';
import type { Spool } from '../capture/spool.js';
import { CaptureFailedError, SpoolFullError } from '../errors.js';
import type { CaptureMetrics } from '../metrics/capture.js';
import { type Captured, createEncodePredictions } from './prediction-tuples.js';
import { SMALL_ROWS } from './quick-read.js';

/** Writes what was answered to the spool; resolves once it is there. @throws CaptureFailedError, SpoolFullError */
export type RecordRows = (captured: Captured) => Promise<void>;

/** Makes the last step before the answer for one model version; requests share a write. */
export function createRecord(options: {
  spool: Pick<Spool, 'append'>;
  modelName: string;
  modelVersion: number;
  /** For a model with raw inputs. */
  writeInputs?: WriteInputs | undefined;
  metrics: Pick<CaptureMetrics, 'accepted' | 'refused' | 'failed'>;
  eachSlice?: InSlices;
}): RecordRows {
  const { spool, modelName, modelVersion, metrics, eachSlice = inSlices } = options;
  const encode = createEncodePredictions(modelName, modelVersion, eachSlice, options.writeInputs);
  return async (captured) => {
    const rows = captured.ids.length;
    const encoded = rows <= SMALL_ROWS ? encode.small(captured) : await encode.large(captured);
    try {
      await spool.append({ modelName, modelVersion, rows, ...encoded });
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
