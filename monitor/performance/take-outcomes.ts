import { createReadText, readTimestamp } from '../../core/postgres/binary-values.js';
import { copyOut } from '../../core/postgres/copy-out.js';
import { type Client, type Pool, withTransaction } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { createRowReader, LIVE_ROW_COLUMNS, LIVE_ROW_FIELDS, liveRowsOf } from '../summarise/live-rows.js';
import { createOutcomeFold, type OutcomeRow } from './fold-outcomes.js';
import { lockPerformance } from './lock-performance.js';
import { addSums } from './stored-sums.js';

/** An outcome whose prediction is not stored waits so long for it: it may still be in a spool. */
const PATIENCE_SECONDS = 3_600;

/** What a pass over outcomes needs. */
export interface OutcomeOptions {
  pool: Pool;
  modelName: string;
  /** Versions of the model that rows may be of; those without a frozen performance are left out. */
  loadVersions: (modelVersions: number[]) => Promise<{ version: ModelVersion; bucketSeconds: number }[]>;
  /** Most predictions counted in one transaction. */
  maximumRows: number;
}

/**
 * Counts all outcomes of a model that are not counted yet into the buckets of their predictions. A correction takes what
 * it corrects away again, so the sums are those of the newest outcomes whenever, and in whatever order, they came. Each
 * transaction counts a bounded number and marks them.
 * @returns how many predictions got an outcome, or another one
 */
export async function foldOutcomes(options: OutcomeOptions): Promise<number> {
  let total = 0;
  for (;;) {
    const step = await withTransaction(options.pool, (client) => foldSome(client, options));
    total += step.counted;
    if (step.marked === 0) return total;
  }
}

async function foldSome(client: Client, options: OutcomeOptions): Promise<{ counted: number; marked: number }> {
  const { modelName, maximumRows, loadVersions } = options;
  await lockPerformance(client, modelName);
  await client.query('drop table if exists taken_outcomes');
  const taken = await client.query(
    `create temp table taken_outcomes on commit drop as
     select o.prediction_id, max(o.revision) as revision, min(o.received_at) as received_at,
            prediction_time(o.prediction_id) as requested_at
       from outcomes o
      where o.prediction_id in (select prediction_id from outcomes where model_name = $1 and folded_at is null
                                 order by received_at limit $2)
      group by o.prediction_id`,
    [modelName, maximumRows],
  );
  if (taken.rowCount === 0) return { counted: 0, marked: 0 };
  const { rows: versions } = await client.query<{ modelVersion: number }>(
    `select distinct p.model_version as "modelVersion" from taken_outcomes t
       join predictions p on p.prediction_id = t.prediction_id and p.requested_at = t.requested_at`,
  );
  let counted = 0;
  for (const { version, bucketSeconds } of await loadVersions(versions.map((row) => row.modelVersion))) {
    const fold = createOutcomeFold(version, bucketSeconds);
    counted += await readOutcomes(client, version, fold.add);
    const buckets = fold.take();
    if (buckets.length > 0) await addSums(client, version, 'labelled', buckets);
  }
  const marked = await client.query(
    `update outcomes o set folded_at = case when t.stored then now() else '-infinity' end
       from (select t.*, exists (select from predictions p
                                  where p.prediction_id = t.prediction_id and p.requested_at = t.requested_at) as stored
               from taken_outcomes t) t
      where o.prediction_id = t.prediction_id and o.revision <= t.revision and o.folded_at is null
        and (t.stored or t.received_at < now() - make_interval(secs => ${PATIENCE_SECONDS}))`,
  );
  return { counted, marked: marked.rowCount ?? 0 };
}

/** Reads the taken rows of a version with their newest outcome and the one that was counted before. @returns how many */
async function readOutcomes(
  client: Client,
  version: ModelVersion,
  onRow: (outcome: OutcomeRow) => void,
): Promise<number> {
  const read = createRowReader(version.manifest);
  const query = `select ${LIVE_ROW_COLUMNS}, newest.actual, counted.actual, t.received_at
    from taken_outcomes t
    join predictions p on p.prediction_id = t.prediction_id and p.requested_at = t.requested_at
    join outcomes newest on newest.prediction_id = t.prediction_id and newest.revision = t.revision
    left join lateral (select actual from outcomes o
                        where o.prediction_id = t.prediction_id and o.folded_at > '-infinity'
                        order by revision desc limit 1) counted on true
   where ${liveRowsOf(client, version)}`;
  const readText = createReadText();
  return copyOut(client, query, LIVE_ROW_FIELDS + 3, (source, starts, lengths) => {
    const row = read(source, starts, lengths);
    const text = (field: number): string => readText(source, starts[field]!, lengths[field]!);
    const [actual, counted, received] = [LIVE_ROW_FIELDS, LIVE_ROW_FIELDS + 1, LIVE_ROW_FIELDS + 2];
    onRow({
      row,
      actual: text(actual),
      counted: lengths[counted] === -1 ? null : text(counted),
      delaySeconds: readTimestamp(source, starts[received]!) / 1e6 - row.requestedAt,
    });
  });
}
