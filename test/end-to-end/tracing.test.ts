import { afterAll, beforeAll, expect, test } from 'vitest';
import { findJaeger, type Jaeger, startJaeger } from '../helpers/jaeger.js';
import { type AlertingPair, findAlertingTools, startAlerting } from '../helpers/prometheus.js';
import { createStackPlace, plumbline, type Running, type StackPlace } from '../helpers/stack.js';
import { until } from '../helpers/until.js';

// From a point on the latency chart to the very request: real Prometheus, a real trace store, the stack of `plumbline up`.
const tools = findAlertingTools();
const jaegerTool = findJaeger();
const WINE = JSON.stringify({ instances: [{ alcohol: 11.2, volatile_acidity: 0.26, sulphates: 0.48 }] });

let place: StackPlace;
let jaeger: Jaeger | undefined;
let alerting: AlertingPair | undefined;
let up: Running;
beforeAll(async () => {
  if (!tools || !jaegerTool) return;
  place = await createStackPlace();
  jaeger = await startJaeger(jaegerTool);
  up = plumbline(['up'], {
    ...place.environment,
    OTEL_EXPORTER_OTLP_ENDPOINT: jaeger.endpoint,
    OTEL_TRACES_SAMPLER_ARG: '1',
    OTEL_BSP_SCHEDULE_DELAY: '200',
  });
  await until('the stack to be ready', () => up.output().includes('npm run demo'), 120_000);
  alerting = await startAlerting(tools, place, 'unused-unused-unused');
});
afterAll(async () => {
  await alerting?.stop();
  if (up) {
    up.child.kill('SIGTERM');
    await up.ended;
  }
  await jaeger?.stop();
  await place?.remove();
});

test.skipIf(!tools || !jaegerTool)(
  'exemplar in Prometheus, trace in Jaeger, row, and the same answer again',
  async () => {
    const path = `http://127.0.0.1:${place.servicePort}/v1/models/wine-quality/predict`;
    const before = Date.now() / 1_000 - 60;
    expect((await fetch(path, { method: 'POST', body: WINE })).status).toBe(200);

    const exemplar = await until('the exemplar in Prometheus', async () => {
      const query = 'http_request_duration_seconds_bucket{route="/v1/models/{model}/predict"}';
      const range = { query, start: String(before), end: String(Date.now() / 1_000 + 60) };
      const url = `${alerting!.prometheusUrl}/api/v1/query_exemplars?${new URLSearchParams(range)}`;
      const { data } = (await (await fetch(url)).json()) as {
        data: { exemplars: { labels: Record<string, string> }[] }[];
      };
      return data[0]?.exemplars[0]?.labels;
    });
    expect(Object.keys(exemplar).sort()).toEqual(['span_id', 'trace_id']);

    const spans = await until('the trace in Jaeger', async () => {
      const found = await jaeger!.spansOf(exemplar.trace_id!);
      return found.some((span) => span.spanID === exemplar.span_id) && found;
    });
    const server = spans.find((span) => span.spanID === exemplar.span_id);
    expect(server?.operationName).toBe('POST /v1/models/{model}/predict');
    const children = spans.filter((span) => span.references.some((to) => to.spanID === server?.spanID));
    expect(children.map((span) => span.operationName).sort()).toEqual(['infer', 'record', 'validate']);

    const record = children.find((span) => span.operationName === 'record');
    const ids = String(record?.tags.find((tag) => tag.key === 'plumbline.prediction.ids')?.value);
    const id = /[0-9a-f-]{36}/.exec(ids)![0];
    const stored = await (await fetch(`http://127.0.0.1:${place.servicePort}/v1/predictions/${id}`)).json();
    expect(stored).toMatchObject({ id, trace_id: exemplar.trace_id });

    const replay = plumbline(['replay', id, '--json'], place.environment);
    expect(await replay.ended, replay.output()).toBe(0);
    expect(JSON.parse(replay.output())).toMatchObject({ id, same: true, traceId: exemplar.trace_id });
  },
);

test.skipIf(!tools || !jaegerTool)(
  'replay ends with 1 and one readable line when there is no such prediction',
  async () => {
    const replay = plumbline(['replay', '01900000-0000-7000-8000-000000000000'], place.environment);
    expect(await replay.ended).toBe(1);
    expect(replay.output()).toMatch(/^no prediction 01900000-.* is stored; .*\n$/);
  },
);
