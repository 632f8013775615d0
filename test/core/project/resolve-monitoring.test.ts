import { expect, test } from 'vitest';
import { DEFAULT_METHODS } from '../../../core/manifest/methods.js';
import { parseManifest, parseMonitoring } from '../../../core/manifest/parse.js';
import { resolveManifest } from '../../../core/project/resolve.js';
import { resolveMonitoring } from '../../../core/project/resolve-monitoring.js';

test('every default is filled in', () => {
  expect(resolveMonitoring()).toMatchObject({
    window: { minutes: 60 },
    methods: DEFAULT_METHODS,
    psiThreshold: 0.1,
    missingThreshold: 0.05,
    outOfRangeThreshold: 0.02,
    clearRatio: 0.8,
    features: {},
    predictions: {},
  });
});

test('what is written of one feature is kept as written, so that the model’s own values hold for the rest', () => {
  const { features, predictions } = resolveMonitoring(
    parseMonitoring(
      'features: { id: { methods: [] }, price: { psiThreshold: 0.3 } }\npredictions: { score: { ksThreshold: 0.2 } }',
      'm.yaml',
    ),
  );
  expect(features).toEqual({ id: { methods: [] }, price: { psiThreshold: 0.3 } });
  expect(predictions).toEqual({ score: { ksThreshold: 0.2 } });
});

test.each([
  ['methods: [psy]', 'm.yaml:1  methods.0: write psi or ks or share or cramers-v'],
  ['psiThreshold: 0', 'm.yaml:1  psiThreshold: must be > 0'],
  [
    'features:\n  x: { psiTreshold: 1 }',
    'm.yaml:2  features.x: unknown key "psiTreshold", did you mean "psiThreshold"?',
  ],
  ['predictions: { scores: {} }', 'm.yaml:1  predictions: unknown key "scores", did you mean "score"?'],
])('says what is wrong with %j', (text, message) => {
  expect(() => parseMonitoring(text, 'm.yaml')).toThrow(message);
});

test('a feature that the model does not have is named, with its line', () => {
  const text =
    'name: m\ntask: regression\ntarget: y\nfeatures:\n  - { name: price, type: numeric }\nmonitoring:\n  features:\n    prize: { methods: [] }\n';
  const problems: { where: string; message: string }[] = [];
  const where = (...path: (string | number)[]) => path.join('.');
  resolveManifest(parseManifest(text), undefined, { columns: ['price', 'y'], rows: [] }, problems, where);
  expect(problems).toContainEqual({
    where: 'monitoring.features.prize',
    message: 'monitoring.features: the model has no feature "prize"; did you mean "price"?',
  });
});
