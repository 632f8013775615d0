import { expect, test } from 'vitest';
import { startCollector } from '../../bench/collector.js';

test('takes exports of traces and counts them', async () => {
  const collector = await startCollector();
  const post = (path: string, type: string) =>
    fetch(collector.url + path, { method: 'POST', headers: { 'content-type': type }, body: '{}' });
  expect(await (await post('/v1/traces', 'application/json')).json()).toEqual({});
  expect(await (await post('/v1/traces', 'application/x-protobuf')).text()).toBe('');
  expect((await post('/v1/metrics', 'application/json')).status).toBe(200);
  expect(collector.exports()).toBe(2);
  await collector.stop();
});
