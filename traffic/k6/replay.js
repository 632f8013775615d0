// Replays a request file of `plumbline traffic --write-requests FILE` as load. See traffic/README.md for the variables.
// Their names avoid k6's own (K6_VUS, K6_DURATION …), which would put the scenarios of this file out of force.

import { check, fail } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';

const url = (__ENV.URL || 'http://127.0.0.1:8080').replace(/\/+$/, '');
const file = __ENV.REQUESTS || fail('set REQUESTS to a file written by: plumbline traffic --write-requests FILE');
const [header, ...requests] = open(file).trimEnd().split('\n');
const { format, model, rows } = JSON.parse(header);
if (format !== 'plumbline-requests/1') fail(`${file} is not a request file of this version; write it again`);
const headers = { 'Content-Type': 'application/json', 'User-Agent': 'plumbline-k6' };
if (__ENV.API_KEY) headers['x-api-key'] = __ENV.API_KEY;

const rowsAcknowledged = new Counter('plumbline_rows_acknowledged');
const outcomesSent = new Counter('plumbline_outcomes_sent');

export const options = {
  scenarios: { replay: load() },
  thresholds: {
    http_req_failed: [`rate<=${__ENV.MAX_FAILED || '0'}`],
    checks: [`rate>=${1 - Number(__ENV.MAX_FAILED || '0')}`],
    ...(__ENV.MAX_P99_MS && { 'http_req_duration{kind:predict}': [`p(99)<=${__ENV.MAX_P99_MS}`] }),
  },
  summaryTrendStats: ['avg', 'med', 'p(95)', 'p(99)', 'max'],
};

/** STAGES: the rate climbs and falls. RATE and FOR: it is held. Neither: each request of the file is sent once, as fast as USERS can. */
function load() {
  const users = Number(__ENV.USERS || 8);
  const open = { timeUnit: '1s', preAllocatedVUs: users, maxVUs: users * 8 };
  if (__ENV.STAGES) {
    const stages = __ENV.STAGES.split(',').map((stage) => {
      const [duration, target] = stage.split(':');
      return { duration, target: Number(target) };
    });
    return { executor: 'ramping-arrival-rate', startRate: 0, stages, ...open };
  }
  if (__ENV.RATE) {
    return { executor: 'constant-arrival-rate', rate: Number(__ENV.RATE), duration: __ENV.FOR || '30s', ...open };
  }
  return {
    executor: 'shared-iterations',
    vus: Math.min(users, requests.length),
    iterations: requests.length,
    maxDuration: __ENV.FOR || '10m',
  };
}

export function setup() {
  console.log(`${requests.length} requests of ${rows} rows for ${model} at ${url}`);
}

export default function () {
  const { instances, actuals } = JSON.parse(requests[exec.scenario.iterationInTest % requests.length]);
  const path = `${url}/v1/models/${encodeURIComponent(model)}`;
  const params = { headers, tags: { kind: 'predict', name: 'predict' } };
  const response = http.post(`${path}/predict`, JSON.stringify({ instances }), params);
  const predictions = response.status === 200 ? response.json('predictions') : undefined;
  const whole = check(response, {
    'one prediction with an id for each row': () =>
      Array.isArray(predictions) &&
      predictions.length === instances.length &&
      predictions.every((prediction) => typeof prediction.id === 'string'),
  });
  if (!whole) return;
  rowsAcknowledged.add(predictions.length);
  if (__ENV.OUTCOMES) sendOutcomes(path, predictions, actuals);
}

function sendOutcomes(path, predictions, actuals) {
  const observedAt = new Date().toISOString();
  const outcomes = predictions
    .map(({ id }, i) => ({ prediction_id: id, actual: actuals[i], observed_at: observedAt }))
    .filter(({ actual }) => actual !== null);
  if (outcomes.length === 0) return;
  const params = { headers, tags: { kind: 'outcomes', name: 'outcomes' } };
  const response = http.post(`${path}/outcomes`, JSON.stringify({ outcomes }), params);
  if (check(response, { 'outcomes accepted': ({ status }) => status >= 200 && status < 300 })) {
    outcomesSent.add(outcomes.length);
  }
}
