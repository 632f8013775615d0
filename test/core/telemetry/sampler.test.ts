import { expect, test } from 'vitest';
import { createDecide } from '../../../core/telemetry/sampler.js';
import { SAMPLERS, tracingSettings } from '../../../core/telemetry/settings.js';
import { createTraceIds } from '../../../core/telemetry/trace-ids.js';

const ids = createTraceIds();

/** Share of traces recorded, of 20,000. */
function share(name: (typeof SAMPLERS)[number], ratio: number, parent?: boolean): number {
  const decide = createDecide({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio });
  const drawn = Array.from({ length: 20_000 }, () => decide(ids.traceId(), parent));
  return drawn.filter(Boolean).length / drawn.length;
}

test.each([0, 0.01, 0.25, 1])('records the share of the traces that it is told: %d', (ratio) => {
  // Four standard deviations of a binomial share; exact at 0 and 1.
  const tolerance = 4 * Math.sqrt((ratio * (1 - ratio)) / 20_000);
  expect(Math.abs(share('parentbased_traceidratio', ratio) - ratio)).toBeLessThanOrEqual(tolerance);
});

test('decides the same for the same trace', () => {
  const decide = createDecide({ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: 0.5 });
  for (const id of Array.from({ length: 50 }, ids.traceId)) expect(decide(id, undefined)).toBe(decide(id, false));
});

test('follows the caller where it is to, and only there', () => {
  const expected = { always_on: [1, 1, 1], always_off: [0, 0, 0], traceidratio: [0, 0, 0] };
  for (const [name, [root, sampled, unsampled]] of Object.entries(expected)) {
    const plain = name as (typeof SAMPLERS)[number];
    expect([share(plain, 0), share(plain, 0, true), share(plain, 0, false)]).toEqual([root, sampled, unsampled]);
    const based = `parentbased_${name}` as (typeof SAMPLERS)[number];
    expect([share(based, 0), share(based, 0, true), share(based, 0, false)]).toEqual([root, 1, 0]);
  }
  expect(Object.keys(expected).length * 2).toBe(SAMPLERS.length);
});

test('by default follows the caller, and else the ratio it is given', () => {
  const { OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG } = tracingSettings(0.01);
  expect([OTEL_TRACES_SAMPLER.default, OTEL_TRACES_SAMPLER_ARG.default]).toEqual(['parentbased_traceidratio', 0.01]);
});
