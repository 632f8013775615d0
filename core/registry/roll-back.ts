import type { Client, Queryable } from '../postgres/pool.js';
import { RefusedError } from './refused-error.js';
import { type MoveKind, promoteVersion } from './versions.js';

/** How the present champion of a model came to be. */
export interface ChampionMove {
  modelName: string;
  modelVersion: number;
  /** The champion before; null where there was none. */
  fromVersion: number | null;
  trainingRunId: string | null;
  promotedAt: Date;
  kind: MoveKind;
  /** Of the model's last move: a rollback where the present champion was rolled back to. */
  lastKind: MoveKind;
}

/** The moves that made the present champions, without rollbacks; of one model or of all. */
export async function loadChampionMoves(db: Queryable, modelName?: string): Promise<ChampionMove[]> {
  const { rows } = await db.query<ChampionMove>(
    `select distinct on (m.model_name) m.model_name as "modelName", m.champion_version as "modelVersion",
       p.from_version as "fromVersion", p.training_run_id as "trainingRunId", p.promoted_at as "promotedAt", p.kind,
       (select kind from promotions l where l.model_name = m.model_name order by promotion_id desc limit 1) as "lastKind"
     from models m join promotions p on p.model_name = m.model_name and p.to_version = m.champion_version
     where ($1::text is null or m.model_name = $1) and p.kind <> 'rollback'
     order by m.model_name, p.promotion_id desc`,
    [modelName ?? null],
  );
  return rows;
}

/**
 * Makes the version that the champion replaced the champion again, inside the caller's transaction. @returns its number
 * @throws Error when the champion replaced none; ChampionChangedError when it is another by now
 */
export async function rollBack(
  client: Client,
  options: { modelName: string; expectedChampion: number; decidedBy: string; reason: string },
): Promise<number> {
  const { modelName, expectedChampion } = options;
  const [move] = await loadChampionMoves(client, modelName);
  if (!move || move.fromVersion === null || move.modelVersion !== expectedChampion) {
    throw new RefusedError(
      `version ${expectedChampion} of ${modelName} replaced no other; there is none to go back to`,
    );
  }
  await promoteVersion(client, { ...options, toVersion: move.fromVersion, kind: 'rollback' });
  return move.fromVersion;
}
