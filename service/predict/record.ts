import { type InSlices, inSlices } from '../../core/in-slices.js';
import type { WriteInputs } from '../../core/preparation/stored-inputs.js';
import type { Spool } from '../capture/spool.js';
import { CaptureFailedError, SpoolFullError } from '../errors.js';
import type { CaptureMetrics } from '../metrics/capture.js';
import { type Captured, createEncodePredictions, type EncodedRows } from './prediction-tuples.js';
import { SMALL_ROWS } from './quick-read.js';

/** Writes what was answered to the spool; resolves once it is there. @throws CaptureFailedError, SpoolFullError */
export type RecordRows = (captured: Captured) => Promise<void>;

/** Makes the last step before the answer for one model version; requests share a write. */
export function createRecord(options: {
  spool: Pick<Spool, 'append' | 'assertRoom' | 'partBytes'>;
  modelName: string;
  modelVersion: number;
  /** For a model with raw inputs. */
  writeInputs?: WriteInputs | undefined;
  metrics: Pick<CaptureMetrics, 'accepted' | 'refused' | 'failed'>;
  eachSlice?: InSlices;
}): RecordRows {
  const { spool, modelName, modelVersion, metrics, eachSlice = inSlices } = options;
  const encode = createEncodePredictions(modelName, modelVersion, eachSlice, options.writeInputs);
  const fail = (error: unknown, rows: number): Error => {
    if (error instanceof SpoolFullError) {
      metrics.refused(rows);
      return error;
    }
    metrics.failed(rows);
    return new CaptureFailedError(error);
  };
  const recordSmall = async (captured: Captured): Promise<void> => {
    const rows = captured.ids.length;
    const encoded = encode.small(captured);
    try {
      await spool.append({ modelName, modelVersion, source: captured.source, rows, ...encoded });
      metrics.accepted(rows);
    } catch (error) {
      throw fail(error, rows);
    }
  };
  /** Rows that were written before the rest could not be are in the spool, and will be stored: they count as accepted. */
  const recordLarge = async (captured: Captured): Promise<void> => {
    const { source } = captured;
    const slices = await encode.large(captured);
    let left = captured.ids.length;
    try {
      spool.assertRoom(slices.reduce((sum, { tuples }) => sum + tuples.length, 0));
      for (const write of writesOf(slices, spool.partBytes)) {
        await Promise.all(write.map((slice) => spool.append({ modelName, modelVersion, source, ...slice })));
        const rows = write.reduce((sum, slice) => sum + slice.rows, 0);
        metrics.accepted(rows);
        left -= rows;
      }
    } catch (error) {
      throw fail(error, left);
    }
  };
  return (captured) => (captured.ids.length <= SMALL_ROWS ? recordSmall(captured) : recordLarge(captured));
}

/** The slices of a request, as many together as share a write. */
function* writesOf(slices: EncodedRows[], partBytes: number): Generator<EncodedRows[], void> {
  let write: EncodedRows[] = [];
  let bytes = 0;
  for (const slice of slices) {
    write.push(slice);
    bytes += slice.tuples.length;
    if (bytes < partBytes) continue;
    yield write;
    write = [];
    bytes = 0;
  }
  if (bytes > 0) yield write;
}
