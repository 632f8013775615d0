"""Trains the benchmark's model: LightGBM, 100 rounds of 7 classes = 700 trees of at most 31 leaves, and its ONNX export.

Usage: train.py FOLDER. Reads reference.csv there; writes model.onnx, classifier.pickle (the same booster for Flask)
and sample.json: rows with the label that onnxruntime gives, of those on which onnxruntime and LightGBM agree.
"""

import json
import pickle
import sys
from pathlib import Path

import lightgbm
import numpy
import onnxmltools
import onnxruntime
import pandas
from onnxmltools.convert.common.data_types import FloatTensorType

SAMPLE_ROWS = 100

folder = Path(sys.argv[1])
table = pandas.read_csv(folder / "reference.csv")
target = table.pop("quality")
classifier = lightgbm.LGBMClassifier(
    n_estimators=100, num_leaves=31, random_state=1, n_jobs=1, deterministic=True, force_row_wise=True, verbose=-1
)
classifier.fit(table, target)
trees = classifier.booster_.num_trees()
if trees != 700:
    sys.exit(f"the model has {trees} trees in place of 700: reference.csv needs rows of all seven grades")

onnx = onnxmltools.convert_lightgbm(
    classifier, initial_types=[("features", FloatTensorType([None, table.shape[1]]))], zipmap=False, target_opset=15
)
(folder / "model.onnx").write_bytes(onnx.SerializeToString())
(folder / "classifier.pickle").write_bytes(pickle.dumps(classifier))

session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
rows = table.iloc[: 2 * SAMPLE_ROWS]
by_onnx = session.run(["label"], {"features": rows.to_numpy(numpy.float32)})[0]
agree = numpy.flatnonzero(by_onnx == classifier.predict(rows))[:SAMPLE_ROWS]
values = rows.to_numpy()
sample = [{"features": values[i].tolist(), "label": str(by_onnx[i])} for i in agree]
(folder / "sample.json").write_text(json.dumps({"trees": trees, "sample": sample}))
