import { type Static, Type } from '@sinclair/typebox';
import type { Retraining, RetrainingLimits, RolloutPolicy, WatchPolicy } from './manifest.js';

/** A stage that asks for more rows than this is taken for a slip: at a hundred rows a minute it would last most of a day. */
export const MOST_ROLLOUT_ROWS = 100_000;

const closed = { additionalProperties: false } as const;
const share = (description: string) => Type.Optional(Type.Number({ minimum: 0, maximum: 1, description }));
const rolloutRows = (minimum: number, description: string) =>
  Type.Integer({ minimum, maximum: MOST_ROLLOUT_ROWS, description });

/** Guards, budgets and stages in the `retraining` section of a `model.yaml`. */
export const retrainingLimitsSchema = {
  minimumNewOutcomes: Type.Optional(
    Type.Integer({ minimum: 1, description: 'labelled rows needed since the last run that changed nothing' }),
  ),
  maximumRunsPerDay: Type.Optional(Type.Integer({ minimum: 1, description: 'trainings in any 24 hours' })),
  segmentMargin: share('share of the champion’s metric by which no segment of monitoring.segments may be worse'),
  calibrationMargin: share('by how much the expected calibration error may be larger than the champion’s'),
  maximumMicroseconds: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, description: 'a challenger that takes longer a row is not promoted' }),
  ),
  maximumModelBytes: Type.Optional(
    Type.Integer({ minimum: 1, description: 'a challenger whose file is larger is not promoted' }),
  ),
  rollout: Type.Optional(
    Type.Object(
      {
        shadowRows: Type.Optional(rolloutRows(0, 'live rows answered in the shadow first')),
        canaryShare: Type.Optional(Type.Number({ minimum: 0, maximum: 0.5, description: 'share of the traffic then' })),
        canaryRows: Type.Optional(rolloutRows(1, 'rows answered as canary')),
      },
      { ...closed, description: 'what a better challenger goes through before it is promoted' },
    ),
  ),
  watch: Type.Optional(
    Type.Object(
      {
        minutes: Type.Optional(Type.Number({ minimum: 0, description: 'how long a new champion is watched; 0: not' })),
        maximumErrorShare: share('of rows that the model may fail on'),
        maximumLatencyRatio: Type.Optional(
          Type.Number({ minimum: 1, description: 'times as long as the version before, by the median' }),
        ),
      },
      { ...closed, description: 'when a new champion is rolled back by itself, and a canary withdrawn' },
    ),
  ),
};

const limitsSchema = Type.Object(retrainingLimitsSchema);

const ROLLOUT: RolloutPolicy = { shadowRows: 500, canaryShare: 0.1, canaryRows: 500 };
const WATCH: WatchPolicy = { minutes: 1_440, maximumErrorShare: 0.01, maximumLatencyRatio: 5 };

/** What a `model.yaml` says of guards, budgets and stages, the inner defaults filled in; what it leaves out stays out. */
export function resolveLimits(source: Static<typeof limitsSchema>): RetrainingLimits {
  const { minimumNewOutcomes, maximumRunsPerDay, segmentMargin, calibrationMargin } = source;
  const { maximumMicroseconds, maximumModelBytes, rollout, watch } = source;
  return {
    ...(minimumNewOutcomes !== undefined && { minimumNewOutcomes }),
    ...(maximumRunsPerDay !== undefined && { maximumRunsPerDay }),
    ...(segmentMargin !== undefined && { segmentMargin }),
    ...(calibrationMargin !== undefined && { calibrationMargin }),
    ...(maximumMicroseconds !== undefined && { maximumMicroseconds }),
    ...(maximumModelBytes !== undefined && { maximumModelBytes }),
    ...(rollout && { rollout: { ...ROLLOUT, ...rollout } }),
    ...(watch && { watch: { ...WATCH, ...watch } }),
  };
}

/** The limits of a version, with the default of each that its manifest leaves out. */
export function retrainingLimits(
  retraining: Partial<Pick<Retraining, 'minimumOutcomes'>> & RetrainingLimits,
): Required<Omit<RetrainingLimits, 'rollout'>> & { rollout: RolloutPolicy | undefined } {
  return {
    minimumNewOutcomes: retraining.minimumNewOutcomes ?? retraining.minimumOutcomes ?? 500,
    maximumRunsPerDay: retraining.maximumRunsPerDay ?? 4,
    segmentMargin: retraining.segmentMargin ?? 0.1,
    calibrationMargin: retraining.calibrationMargin ?? 0.05,
    maximumMicroseconds: retraining.maximumMicroseconds ?? Number.POSITIVE_INFINITY,
    maximumModelBytes: retraining.maximumModelBytes ?? 100_000_000,
    rollout: retraining.rollout,
    watch: retraining.watch ?? WATCH,
  };
}
