import { expect, test } from 'vitest';
import { loadTrainerSettings, trainerSettings, trainingEnvironment } from '../../trainer/settings.js';

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

test('has no default that differs from machine to machine', () => {
  expect(trainerSettings.properties.TRAINER_WORK_FOLDER).not.toHaveProperty('default');
});

test('keeps the settings of all processes from training commands, and nothing else', () => {
  const shown = { PATH: '/bin', HOME: '/home/x', OMP_NUM_THREADS: '2', PGHOST: 'db' };
  const own = Object.fromEntries(Object.keys(trainerSettings.properties).map((name) => [name, 'secret']));
  // The monitor sends the same token.
  const others = { MONITOR_ALERT_TOKEN: 'secret', SERVICE_PORT: '1', PLUMBLINE_HOME: '/p', PGPASSWORD: 'secret' };
  expect(trainingEnvironment({ ...shown, ...own, ...others })).toEqual(shown);
});
