import { expect, test } from 'vitest';
import { parseManifest } from '../../../core/manifest/parse.js';

const withRollout = (rollout: string): string =>
  `name: m\ntask: regression\ntarget: y\nfeatures: [{ name: x, type: numeric }]\nretraining:\n  rollout: { ${rollout} }\n`;

test('a stage of a rollout asks for 100,000 rows at most, and more is refused with what was written', () => {
  expect(() => parseManifest(withRollout('shadowRows: 100000, canaryRows: 100000'))).not.toThrow();
  const most = 'must be <= 100000, is 5000000';
  expect(() => parseManifest(withRollout('shadowRows: 5000000'), 'm.yaml')).toThrow(
    `m.yaml:6  retraining.rollout.shadowRows: ${most} (live rows answered in the shadow first)`,
  );
  expect(() => parseManifest(withRollout('canaryRows: 5000000'), 'm.yaml')).toThrow(
    `m.yaml:6  retraining.rollout.canaryRows: ${most} (rows answered as canary)`,
  );
});
