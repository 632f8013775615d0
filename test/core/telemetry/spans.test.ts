import { SpanStatusCode, trace } from '@opentelemetry/api';
import { tracing } from '@opentelemetry/sdk-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { activeTraceparent, inSpan } from '../../../core/telemetry/in-span.js';
import { withoutTexts } from '../../../core/telemetry/without-texts.js';
import { createInfer } from '../../../service/predict/infer.js';
import { until } from '../../helpers/until.js';
import { flowers } from '../../service/models.js';
import { type Recorded, recordSpans } from './recorded.js';

let recorded: Recorded;
beforeAll(() => {
  recorded = recordSpans();
});
afterAll(() => recorded.close());

const named = (name: string): tracing.ReadableSpan[] => recorded.spans().filter((span) => span.name === name);

test('spans nest across awaits, and work that is done later goes on in its trace', async () => {
  let traceparent: string | undefined;
  await inSpan('outer', { size: 1 }, async () => {
    await new Promise(setImmediate);
    await inSpan('inner', {}, async () => {
      traceparent = activeTraceparent();
    });
  });
  await inSpan('later', {}, async () => undefined, { traceparent });
  const [outer] = named('outer');
  const [inner] = named('inner');
  expect(outer?.attributes).toEqual({ size: 1 });
  expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
  expect(named('later')[0]?.parentSpanContext?.spanId).toBe(inner?.spanContext().spanId);
  expect(activeTraceparent()).toBeUndefined();
});

test('a failure is told by the class of its error and thrown on', async () => {
  const fails = inSpan('failing', {}, async () => Promise.reject(new RangeError('the value 4711')));
  await expect(fails).rejects.toThrow('the value 4711');
  expect(named('failing')[0]).toMatchObject({
    attributes: { 'error.type': 'RangeError' },
    status: { code: SpanStatusCode.ERROR },
    events: [],
  });
});

test('texts of errors, as instrumentations record them, do not leave the process', async () => {
  const span = trace.getTracer('some-instrumentation').startSpan('query');
  span.recordException(new RangeError('secret'));
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'secret' });
  span.end();
  const exporter = new tracing.InMemorySpanExporter();
  withoutTexts(exporter).export(named('query'), () => undefined);
  const [sent] = exporter.getFinishedSpans();
  expect(sent?.name).toBe('query');
  expect(sent?.status).toEqual({ code: SpanStatusCode.ERROR });
  expect(sent?.events[0]?.attributes).toEqual({ 'exception.type': 'RangeError' });
});

test('a run that answers several requests is in the trace of the first and linked with the others', async () => {
  const { manifest } = await flowers();
  const batch = { rows: 1, numeric: Float64Array.of(1, 2, 3), categorical: [] };
  const model = {
    infer: async ({ rows }: { rows: number }) => ({
      rows,
      labels: new Array<string>(rows).fill('rose'),
      probabilities: new Float32Array(rows * 3),
    }),
  };
  const infer = createInfer({ model, manifest, sliceRows: 10, onRun: () => undefined });
  const patience = { assertWanted: () => undefined };
  const requests = ['a', 'b'].map((name) => trace.getTracer('test').startSpan(name));
  await Promise.all([infer(batch, patience), ...requests.map((span) => infer(batch, patience, span))]);
  for (const span of requests) span.end();
  const [run] = await until('the run', () => named('run').length > 0 && named('run'));
  const [first, second] = requests.map((span) => span.spanContext());
  expect(run?.attributes).toEqual({ 'plumbline.rows': 3 });
  expect(run?.parentSpanContext?.spanId).toBe(first?.spanId);
  expect(run?.links.map((link) => link.context.spanId)).toEqual([second?.spanId]);
  expect(named('b')[0]?.links.map((link) => link.context.spanId)).toEqual([run?.spanContext().spanId]);
});
