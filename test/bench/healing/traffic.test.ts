import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startMovedTraffic } from '../../../bench/healing/traffic.js';
import { until } from '../../helpers/until.js';
import { startFakeService } from '../../traffic/fake-service.js';
import { prepareWine, wineModel } from '../../traffic/wine-model.js';

test('traffic ends in good order when it is stopped, once, with what became of its rows', async () => {
  const { folder } = await prepareWine();
  const service = await startFakeService(wineModel);
  const rows = join(folder, 'test.csv');
  const traffic = startMovedTraffic({
    serviceUrl: service.url,
    model: 'wine-quality',
    rows,
    rowsPerSecond: 100,
    folder,
  });
  await until('some predictions', () => service.predictions.size >= 20);
  expect(await traffic.stop()).toBe(0);
  expect(await traffic.stop()).toBe(0);
  await service.close();
});
