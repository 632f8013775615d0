import { expect, test } from 'vitest';
import { createServiceMetrics } from '../../../service/metrics/metrics.js';
import { DEFAULT_OBJECTIVES } from '../../../service/metrics/objectives.js';

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

test('shows what it is held to', async () => {
  const objectives = { ...DEFAULT_OBJECTIVES, latencySeconds: 2, captureRatio: 0.95 };
  const { registry } = createServiceMetrics({ waitingRows: () => 3, limitRows: 10, objectives });
  const text = await registry.metrics();
  for (const line of [
    'slo_latency_threshold_seconds 2',
    'slo_capture_objective_ratio 0.95',
    'slo_availability_objective_ratio 0.999',
    'inference_queue_rows 3',
    'inference_queue_limit_rows 10',
  ])
    expect(text.split('\n')).toContain(line);
});
