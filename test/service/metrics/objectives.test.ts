import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { expect, test } from 'vitest';
import { createServiceMetrics } from '../../../service/metrics/metrics.js';
import { DEFAULT_OBJECTIVES } from '../../../service/metrics/objectives.js';
import { objectiveSettings, objectivesOf } from '../../../service/objective-settings.js';

const PREDICT = '/v1/models/{model}/predict';

test('holds valid prediction requests to the objectives, and nothing else', async () => {
  const { registry, http } = createServiceMetrics({ waitingRows: () => 0 });
  const late = DEFAULT_OBJECTIVES.latencySeconds + 0.01;
  http('POST', PREDICT, 200, 0.01);
  http('POST', '/v2/models/{model}/infer', 200, 0.01);
  http('POST', PREDICT, 200, late);
  http('POST', PREDICT, 503, 0.01);
  http('POST', PREDICT, 500, late);
  http('POST', PREDICT, 400, late);
  http('POST', PREDICT, 499, late);
  http('POST', '/v1/models/{model}/outcomes', 503, late);
  const shown = await registry.getSingleMetricAsString('slo_requests_total');
  expect(shown.split('\n').slice(2)).toEqual([
    'slo_requests_total{result="ok"} 2',
    'slo_requests_total{result="slow"} 1',
    'slo_requests_total{result="failed"} 2',
  ]);
});

test('comes from the settings', () => {
  const settings = Value.Create(Type.Object(objectiveSettings));
  expect(objectivesOf(settings)).toEqual(DEFAULT_OBJECTIVES);
  const other = { ...settings, SERVICE_ALERT_INVALID_RATIO: 0.3, SERVICE_ALERT_ERROR_RATIO: 0.2 };
  expect(objectivesOf(other)).toEqual({ ...DEFAULT_OBJECTIVES, invalidRatio: 0.3, errorRatio: 0.2 });
});

test('shows what it is held to', async () => {
  const objectives = { ...DEFAULT_OBJECTIVES, latencySeconds: 2, captureRatio: 0.95, invalidRatio: 0.3 };
  const { registry } = createServiceMetrics({ waitingRows: () => 3, limitRows: 10, objectives });
  const text = await registry.metrics();
  for (const line of [
    'slo_latency_threshold_seconds 2',
    'slo_capture_objective_ratio 0.95',
    'slo_availability_objective_ratio 0.999',
    'http_error_ratio_threshold 0.05',
    'http_invalid_ratio_threshold 0.3',
    'inference_queue_rows 3',
    'inference_queue_limit_rows 10',
  ])
    expect(text.split('\n')).toContain(line);
});
