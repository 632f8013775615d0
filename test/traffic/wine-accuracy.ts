import type { TestRow } from '../../traffic/test-rows.js';
import type { Dataset } from '../../trainer/builtin/dataset.js';
import type { Model } from '../../trainer/builtin/model.js';
import { predict } from '../../trainer/builtin/predict.js';
import { train } from '../../trainer/builtin/train.js';
import { wineModel } from './wine-model.js';

const { classes, features } = wineModel;

function datasetOf(rows: TestRow[]): Dataset {
  return {
    rows: rows.length,
    columns: features.map(({ name }) => ({
      name,
      type: 'numeric',
      values: Float64Array.from(rows, (row) => Number(row.instance[name])),
    })),
    target: Float64Array.from(rows, (row) => classes.indexOf(row.target)),
    weights: new Float64Array(rows.length).fill(1),
  };
}

/** Trains the built-in learner on wines. */
export function trainOn(rows: TestRow[]): Model {
  return train({ dataset: datasetOf(rows), task: 'multiclass', classes, seed: 1 }).model;
}

/** Share of rows whose most probable class is the true one. */
export function accuracyOf(model: Model, rows: TestRow[]): number {
  const probabilities = predict(model, datasetOf(rows));
  const right = rows.filter((row, i) => {
    const own = probabilities.subarray(i * classes.length, (i + 1) * classes.length);
    return classes[own.indexOf(Math.max(...own))] === row.target;
  });
  return right.length / rows.length;
}
