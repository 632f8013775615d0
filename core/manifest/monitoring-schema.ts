import { type Static, type TNumber, type TOptional, Type } from '@sinclair/typebox';
import { oneOf } from '../one-of.js';
import { METHOD_NAMES, METHODS, type ThresholdKey } from './methods.js';

const closed = { additionalProperties: false } as const;

const windowLength = {
  rows: Type.Optional(Type.Integer({ minimum: 50, description: 'a window closes at this many rows' })),
  minutes: Type.Optional(Type.Integer({ minimum: 1, description: 'a window is this long, in event time' })),
  calendar: Type.Optional(
    oneOf(['day', 'week', 'month'], {
      description: 'a window is a day, a week from Monday on, or a month of timeZone',
    }),
  ),
};
const timeZone = Type.Optional(
  Type.String({ minLength: 1, description: 'such as "Europe/Berlin", for calendar; UTC when left out' }),
);

const windowSchema = Type.Object(
  { ...windowLength, timeZone },
  { ...closed, minProperties: 1, maxProperties: 2, description: 'write one of rows, minutes and calendar' },
);

const namedWindowSchema = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$', description: 'what it is called in reports' }),
    ...windowLength,
    timeZone,
    compareWith: Type.Optional(
      oneOf(['day-before', 'week-before'], {
        description: 'compare with the same time of the day before or the week before, not with the reference rows',
      }),
    ),
    alerts: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'true: a drift of this window alerts and counts as the model’s own too',
      }),
    ),
  },
  closed,
);

const segmentSchema = Type.Object(
  {
    feature: Type.String({ minLength: 1, description: 'the feature that divides the rows' }),
    values: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        maxItems: 20,
        uniqueItems: true,
        description: 'categories; the ten most frequent of reference.csv when left out',
      }),
    ),
    edges: Type.Optional(
      Type.Array(Type.Number(), {
        minItems: 1,
        maxItems: 19,
        uniqueItems: true,
        description: 'of a numeric feature: where one bin ends and the next begins, ascending',
      }),
    ),
  },
  closed,
);

const thresholds = Object.fromEntries(
  Object.values(METHODS).map(({ threshold, measures }) => [
    threshold,
    Type.Optional(Type.Number({ exclusiveMinimum: 0, description: `effect that matters: ${measures}` })),
  ]),
) as Record<ThresholdKey, TOptional<TNumber>>;

const methodsSchema = Type.Array(oneOf(METHOD_NAMES), {
  uniqueItems: true,
  description: 'what decides; none: not watched',
});

const subjectMonitoringSchema = Type.Object({ methods: Type.Optional(methodsSchema), ...thresholds }, closed);

/** The `monitoring` section of a `model.yaml`, also on its own for `plumbline backtest`. */
export const monitoringSchema = Type.Object(
  {
    window: Type.Optional(windowSchema),
    windows: Type.Optional(
      Type.Array(namedWindowSchema, {
        maxItems: 10,
        description: 'further windows; they alert where they say so',
      }),
    ),
    segments: Type.Optional(
      Type.Array(segmentSchema, { maxItems: 5, description: 'parts of the rows that are watched on their own too' }),
    ),
    minimumRows: Type.Optional(
      Type.Integer({ minimum: 30, description: 'below this a window is "insufficient-data"' }),
    ),
    methods: Type.Optional(methodsSchema),
    ...thresholds,
    alpha: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 0.2,
        description:
          'false-discovery rate over all tests of a window; without drift, the chance that a model exceeds at all',
      }),
    ),
    confirm: Type.Optional(
      Type.Tuple([Type.Integer({ minimum: 1 }), Type.Integer({ minimum: 1 })], {
        description: '[k, n]: drift is confirmed when k of the last n windows say so',
      }),
    ),
    clearRatio: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        description: 'a confirmed drift clears below this part of the thresholds',
      }),
    ),
    performanceLoss: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        description: 'part by which the retraining metric may be worse than at registration before an alert says so',
      }),
    ),
    outcomes: Type.Optional(
      Type.Object(
        {
          coverage: Type.Number({
            exclusiveMinimum: 0,
            maximum: 1,
            description: 'part of the rows of a window whose outcome is to be known',
          }),
          withinMinutes: Type.Number({ minimum: 0, description: 'so long after the end of the window' }),
        },
        { ...closed, description: 'how many outcomes are expected, and when; an alert says when they stay out' },
      ),
    ),
    features: Type.Optional(
      Type.Record(Type.String(), subjectMonitoringSchema, { description: 'by name of a feature: what differs for it' }),
    ),
    predictions: Type.Optional(
      Type.Object(
        {
          class: Type.Optional(subjectMonitoringSchema),
          score: Type.Optional(subjectMonitoringSchema),
          value: Type.Optional(subjectMonitoringSchema),
        },
        { ...closed, description: 'the same for the predictions' },
      ),
    ),
  },
  closed,
);

/** The `monitoring` section as written. */
export type MonitoringSource = Static<typeof monitoringSchema>;
/** A window that closes at a number of rows, after a length of event time, or with a day, week or month of a time zone. */
export type WindowSpec =
  | { rows: number }
  | { minutes: number }
  | { calendar: 'day' | 'week' | 'month'; timeZone: string };
