import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../helpers/otlp-receiver.js';
import { createDatabase } from '../helpers/postgres.js';
import { until } from '../helpers/until.js';
import { flowers, houses, promote } from './models.js';
import { type ServiceProcess, startServiceProcess } from './process.js';

const FLOWER = { length: 7, width: 1, depth: 2 };
const CALLER = 'b7ad6b7169203331';

let database: Awaited<ReturnType<typeof createDatabase>>;
let receiver: OtlpReceiver;
let service: ServiceProcess;
beforeAll(async () => {
  database = await createDatabase();
  receiver = await startOtlpReceiver();
  await promote(database.pool, await flowers());
  await promote(database.pool, await houses());
  service = await startServiceProcess(database.url, { ...receiver.environment, LOG_LEVEL: 'debug' });
});
afterAll(async () => {
  await service?.stop();
  await receiver?.close();
  await database?.drop();
});

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(service.url + path, { method: 'POST', body: text, headers });
}

const predict = (body: unknown, headers?: Record<string, string>): Promise<Response> =>
  post('/v1/models/flowers/predict', body, headers);

/** The predictions of an answer. */
async function answer(response: Promise<Response>): Promise<{ predictions: { id: string }[] }> {
  return (await response).json() as Promise<{ predictions: { id: string }[] }>;
}

/** The spans of a trace, once its server span has come: it is exported last. */
async function spansOf(traceId: string): Promise<ReceivedSpan[]> {
  return until(`the spans of trace ${traceId}`, () => {
    const spans = receiver.spans.filter((span) => span.traceId === traceId);
    return spans.some((span) => span.kind === 2) && spans;
  });
}

function byName(spans: ReceivedSpan[], name: string): ReceivedSpan {
  const found = spans.find((span) => span.name === name);
  if (!found) throw new Error(`no span "${name}" among ${spans.map((span) => span.name).join(', ')}`);
  return found;
}

/** A traceparent of a trace of its own. */
function traceparent(flags: '00' | '01'): { traceId: string; header: { traceparent: string } } {
  const traceId = crypto.randomUUID().replaceAll('-', '');
  return { traceId, header: { traceparent: `00-${traceId}-${CALLER}-${flags}` } };
}

async function storedTraceId(id: string): Promise<unknown> {
  return until('the row', async () => {
    const { rows } = await database.pool.query('select trace_id from predictions where prediction_id = $1', [id]);
    return rows[0];
  }).then((row: { trace_id: unknown }) => row.trace_id);
}

test('a recorded request has a server span with the steps below it, and its trace id leads to the row', async () => {
  const { traceId, header } = traceparent('01');
  const { predictions } = await answer(predict({ instances: [FLOWER, FLOWER] }, header));
  const spans = await spansOf(traceId);
  const server = byName(spans, 'POST /v1/models/{model}/predict');
  expect(server).toMatchObject({
    parentSpanId: CALLER,
    kind: 2,
    status: 0,
    service: 'plumbline-service',
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/v1/models/{model}/predict',
      'http.response.status_code': 200,
      'plumbline.model.name': 'flowers',
      'plumbline.model.version': 1,
    },
  });
  const ids = predictions.map((prediction) => prediction.id);
  expect(byName(spans, 'validate').parentSpanId).toBe(server.spanId);
  expect(byName(spans, 'infer')).toMatchObject({ parentSpanId: server.spanId, attributes: { 'plumbline.rows': 2 } });
  expect(byName(spans, 'run').parentSpanId).toBe(byName(spans, 'infer').spanId);
  const record = byName(spans, 'record');
  expect(record).toMatchObject({ parentSpanId: server.spanId, attributes: { 'plumbline.prediction.ids': ids } });
  expect(await storedTraceId(ids[0]!)).toBe(traceId);
});

test('a caller that does not record is followed, and its trace id still stands on the row and in errors', async () => {
  const { traceId, header } = traceparent('00');
  const { predictions } = await answer(predict({ instances: [FLOWER] }, header));
  expect(await storedTraceId(predictions[0]!.id)).toBe(traceId);
  expect(await (await predict({}, header)).json()).toMatchObject({ code: 'invalid_request', trace_id: traceId });
  const { header: recorded, traceId: recordedId } = traceparent('01');
  await predict({ instances: [FLOWER] }, recorded);
  await spansOf(recordedId);
  expect(receiver.spans.filter((span) => span.traceId === traceId)).toEqual([]);
});

test('a trace that begins here is named on the row, in the log and in the exemplar of the latency', async () => {
  const { predictions } = await answer(predict({ instances: [FLOWER] }));
  const traceId = await storedTraceId(predictions[0]!.id);
  const server = byName(await spansOf(String(traceId)), 'POST /v1/models/{model}/predict');
  expect(server.parentSpanId).toBeUndefined();
  const lines = service.log().trim().split('\n');
  const line = lines.map((text) => JSON.parse(text)).find((entry) => entry.trace_id === traceId);
  expect(line).toMatchObject({ level: 20, msg: 'request answered', statusCode: 200 });
  const scrape = await fetch(`${service.url}/metrics`, { headers: { accept: 'application/openmetrics-text' } });
  expect(await scrape.text()).toMatch(
    new RegExp(
      `^http_request_duration_seconds_bucket.*predict.* # {trace_id="${traceId}",span_id="${server.spanId}"}`,
      'm',
    ),
  );
});

test('what the request asked wrong is the error of its span and of the step that found it', async () => {
  const { traceId, header } = traceparent('01');
  await predict({ instances: [{ length: 'long' }] }, header);
  const spans = await spansOf(traceId);
  for (const name of ['validate', 'POST /v1/models/{model}/predict']) {
    expect(byName(spans, name)).toMatchObject({ status: 0, attributes: { 'error.type': 'invalid_request' } });
  }
  expect(spans.map((span) => span.name)).not.toContain('infer');
});

test('/v2 has the same spans, and its errors name the trace in a header', async () => {
  const { traceId, header } = traceparent('01');
  const tensor = (name: string, value: number) => ({ name, shape: [1, 1], datatype: 'FP32', data: [value] });
  const inputs = Object.entries(FLOWER).map(([name, value]) => tensor(name, value));
  const answer = await post('/v2/models/flowers/infer', { inputs }, header);
  expect(answer.status, await answer.clone().text()).toBe(200);
  const names = (await spansOf(traceId)).map((span) => span.name);
  expect(names).toEqual(expect.arrayContaining(['validate', 'infer', 'record', 'POST /v2/models/{model}/infer']));
  const refused = await post('/v2/models/flowers/infer', {}, header);
  expect([refused.status, refused.headers.get('x-trace-id')]).toEqual([400, traceId]);
});

test('Express and pg are instrumented within the trace of their request', async () => {
  const { predictions } = await answer(predict({ instances: [FLOWER] }));
  await storedTraceId(predictions[0]!.id);
  const { traceId, header } = traceparent('01');
  await fetch(`${service.url}/v1/predictions/${predictions[0]!.id}`, { headers: header });
  const spans = await until('the handler, the query and the request', () => {
    const all = receiver.spans.filter((span) => span.traceId === traceId);
    const scopes = new Set(all.map((span) => span.scope));
    return ['instrumentation-express', 'instrumentation-pg'].every((s) => scopes.has(`@opentelemetry/${s}`)) && all;
  });
  const server = byName(await spansOf(traceId), 'GET /v1/predictions/{id}');
  const handler = spans.find((span) => span.scope.endsWith('-express'));
  const query = spans.find((span) => span.attributes['db.query.text'] ?? span.attributes['db.statement']);
  expect(handler?.parentSpanId).toBe(server.spanId);
  expect(query?.kind).toBe(3);
});

test('storing rows is a trace of its own, with the queries below it', async () => {
  await predict({ instances: [FLOWER] });
  await until('a ship span with something below it', () => {
    const ships = receiver.spans.filter((span) => span.name === 'ship' && span.attributes['plumbline.rows'] === 1);
    return ships.some((ship) => receiver.spans.some((span) => span.parentSpanId === ship.spanId));
  });
});

test('probes begin no traces', async () => {
  const { traceId, header } = traceparent('01');
  await predict({ instances: [FLOWER] }, header);
  await spansOf(traceId);
  expect(receiver.spans.filter((span) => /metrics|health/.test(span.name))).toEqual([]);
});

test('no feature value and no text of a request gets into spans, logs or metrics', async () => {
  const { traceId, header } = traceparent('01');
  const marker = 'marker-5b1e';
  const number = 417.862531;
  const house = { area: number, garden: true, district: marker, 'heating/type': 'gas' };
  const houses = (body: unknown) => post('/v1/models/houses/predict', body, header);
  expect((await houses({ instances: [house] })).status).toBe(200);
  await houses({ instances: [{ ...house, 'heating/type': marker }] });
  await houses({ instances: [{ ...house, [marker]: 1 }] });
  await houses(`{"instances": [{"district": "${marker}" ${marker}`);
  await post('/v1/models/houses/outcomes', { outcomes: [{ prediction_id: marker, actual: number }] }, header);
  await fetch(`${service.url}/v1/predictions/${marker}`, { headers: header });
  await until(
    'all six requests',
    () => receiver.spans.filter((s) => s.traceId === traceId && s.kind === 2).length === 6,
  );
  const scrape = async (accept: string) => (await fetch(`${service.url}/metrics`, { headers: { accept } })).text();
  const metrics = (await scrape('text/plain')) + (await scrape('application/openmetrics-text'));
  for (const [where, text] of Object.entries({ spans: receiver.text(), log: service.log(), metrics })) {
    expect(text.includes(marker), where).toBe(false);
    expect(text.includes(String(number)), where).toBe(false);
  }
});

test('every worker traces, and the exemplars of all are in the metrics of one', async () => {
  const workers = await startServiceProcess(database.url, { ...receiver.environment, SERVICE_WORKERS: '2' });
  try {
    const { header, traceId } = traceparent('01');
    const path = `${workers.url}/v1/models/flowers/predict`;
    // A connection of its own for each request: they go to the workers in turn.
    for (let i = 0; i < 4; i++) {
      const headers = { ...header, connection: 'close' };
      expect(
        (await fetch(path, { method: 'POST', body: JSON.stringify({ instances: [FLOWER] }), headers })).status,
      ).toBe(200);
    }
    await until(
      'four requests',
      () => receiver.spans.filter((s) => s.traceId === traceId && s.kind === 2).length === 4,
    );
    const scrape = await fetch(`${workers.url}/metrics`, { headers: { accept: 'application/openmetrics-text' } });
    expect(await scrape.text()).toContain(`# {trace_id="${traceId}"`);
  } finally {
    expect(await workers.stop()).toBe(0);
  }
});

test('sends what is left when it ends, and nothing when the SDK is disabled', async () => {
  const own = await startOtlpReceiver();
  const late = { ...own.environment, OTEL_BSP_SCHEDULE_DELAY: '60000' };
  try {
    const disabled = await startServiceProcess(database.url, { ...late, OTEL_SDK_DISABLED: 'true' });
    await fetch(`${disabled.url}/v1/models`);
    expect(await disabled.stop()).toBe(0);
    expect(own.spans).toEqual([]);
    const enabled = await startServiceProcess(database.url, late);
    await fetch(`${enabled.url}/v1/models`);
    expect(own.spans).toEqual([]);
    expect(await enabled.stop()).toBe(0);
    expect(own.spans.map((span) => span.name)).toContain('GET /v1/models');
  } finally {
    await own.close();
  }
});
