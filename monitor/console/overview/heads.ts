import { alertingWindows } from '../../../core/manifest/alerting-windows.js';
import type { Metric, Monitoring } from '../../../core/manifest/manifest.js';
import type { Queryable } from '../../../core/postgres/pool.js';
import { allowedLoss } from '../../performance/judge-loss.js';

/** What the first page needs of a champion: a manifest may hold a million categories, a profile as many counts. */
export interface ChampionHead {
  modelVersion: number;
  /** [k, n] windows confirm a drift. */
  confirm: [number, number];
  psiThreshold: number;
  /** Windows whose verdict is the model's. */
  windows: string[];
  /** Metric of comparisons. */
  metric: Metric;
  /** The loss from which people are told, as a part of the performance at registration. */
  allowedLoss: number;
  /** The first few, in order. */
  featureNames: string[];
  moreFeatures: boolean;
}

/** A registered model. */
export interface ModelHead {
  modelName: string;
  newestVersion: number;
  champion: ChampionHead | undefined;
}

const SHOWN_FEATURES = 3;

interface Row {
  modelName: string;
  newestVersion: number | null;
  modelVersion: number | null;
  monitoring: Parameters<typeof alertingWindows>[0] & Pick<Monitoring, 'confirm' | 'psiThreshold' | 'performanceLoss'>;
  metric: Metric;
  featureNames: string[];
}

/** All models by name, or the one that is asked for. */
export async function loadHeads(db: Queryable, modelName: string | undefined): Promise<ModelHead[]> {
  const { rows } = await db.query<Row>(
    `select m.model_name as "modelName", v.model_version as "modelVersion",
            (select max(model_version) from model_versions n where n.model_name = m.model_name) as "newestVersion",
            v.manifest->'monitoring' as monitoring, v.manifest->'retraining'->>'metric' as metric,
            jsonb_path_query_array(v.manifest, '$.features[0 to ${SHOWN_FEATURES}].name') as "featureNames"
       from models m
       left join model_versions v on v.model_name = m.model_name and v.state = 'champion'
      where $1::text is null or m.model_name = $1
      order by m.model_name`,
    [modelName ?? null],
  );
  return rows.map(({ modelName, newestVersion, modelVersion, monitoring, metric, featureNames }) => ({
    modelName,
    newestVersion: newestVersion ?? 0,
    champion:
      modelVersion === null
        ? undefined
        : {
            modelVersion,
            confirm: monitoring.confirm,
            psiThreshold: monitoring.psiThreshold,
            windows: alertingWindows(monitoring),
            metric,
            allowedLoss: allowedLoss({ monitoring }),
            featureNames: featureNames.slice(0, SHOWN_FEATURES),
            moreFeatures: featureNames.length > SHOWN_FEATURES,
          },
  }));
}
