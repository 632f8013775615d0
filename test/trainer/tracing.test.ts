import { trace } from '@opentelemetry/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTracing } from '../../core/telemetry/tracing.js';
import { type Recorded, recordSpans } from '../core/telemetry/recorded.js';
import { createDatabase } from '../helpers/postgres.js';
import { until } from '../helpers/until.js';
import {
  addLabelled,
  addSmallModel,
  driftAlert,
  postAlerts,
  startTestTrainer,
  TOKEN,
  turnedRows,
  untilRun,
} from './harness.js';

const [CALLER_TRACE, CALLER_SPAN] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];

let database: Awaited<ReturnType<typeof createDatabase>>;
let trainer: Awaited<ReturnType<typeof startTestTrainer>>;
let recorded: Recorded;
beforeAll(async () => {
  database = await createDatabase();
  recorded = recordSpans();
  const tracing = createTracing({
    tracer: trace.getTracer('test'),
    decide: () => true,
    nextTraceId: () => 'unused',
    close: async () => undefined,
  });
  trainer = await startTestTrainer(database.url, {}, tracing);
});
afterAll(async () => {
  await trainer.close();
  await recorded.close();
  await database.drop();
});

test('a retraining goes on in the trace of the alert that asked for it, a span for each stage', {
  timeout: 90_000,
}, async () => {
  const { pool } = database;
  const version = await addSmallModel(pool, 'traced');
  await addLabelled(pool, { name: 'traced', version, rows: turnedRows(600, 11) });
  const traceparent = `00-${CALLER_TRACE}-${CALLER_SPAN}-01`;
  const response = await postAlerts(trainer.url, [driftAlert('traced', version)], TOKEN, { traceparent });
  expect(response.status).toBe(202);
  const run = await untilRun(pool, 'traced', ['promoted', 'kept', 'failed', 'refused']);
  expect(run.state).toBe('promoted');

  // The state is on record before its span ends.
  const spans = await until('the span of the retraining to end', () => {
    const ended = recorded.spans();
    return ended.some(({ name }) => name === 'retrain') && ended;
  });
  const byName = (name: string) => spans.find((span) => span.name === name);
  expect(byName('POST /v1/alerts')?.parentSpanContext?.spanId).toBe(CALLER_SPAN);
  const retrain = byName('retrain');
  expect(retrain?.parentSpanContext?.spanId).toBe(byName('POST /v1/alerts')?.spanContext().spanId);
  expect(retrain?.attributes).toEqual({
    'plumbline.model.name': 'traced',
    'plumbline.training_run.id': run.trainingRunId,
    'plumbline.training_run.state': 'promoted',
  });
  for (const stage of ['dataset', 'train', 'compare', 'promote']) {
    expect(byName(stage)?.parentSpanContext?.spanId, stage).toBe(retrain?.spanContext().spanId);
  }
  expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([CALLER_TRACE]));
});
