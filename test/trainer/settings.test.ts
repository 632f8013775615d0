import { expect, test } from 'vitest';
import { loadTrainerSettings } from '../../trainer/settings.js';

test('needs a database and a token, and says everything that is wrong at once', () => {
  const load = () =>
    loadTrainerSettings({ TRAINER_WEBHOOK_TOKEN: 'short', TRAINER_COOLDOWN_MINUTES: '-1', TRAINER_COOLDOWN: '5' });
  expect(load).toThrow(/DATABASE_URL {2}is not set[\s\S]*TRAINER_WEBHOOK_TOKEN[\s\S]*TRAINER_COOLDOWN_MINUTES/);
  expect(load).toThrow(/TRAINER_COOLDOWN {2}is not a setting/);
  expect(load).not.toThrow(/short/);
});

test('has a default for everything else', () => {
  const settings = loadTrainerSettings({ DATABASE_URL: 'postgres://x', TRAINER_WEBHOOK_TOKEN: 'x'.repeat(16) });
  expect(settings).toMatchObject({ TRAINER_PORT: 8082, TRAINER_HOST: '127.0.0.1', TRAINER_SEED: 1 });
  expect(settings.TRAINER_COOLDOWN_MINUTES).toBeUndefined();
});
