"""CPU seconds of one LightGBM model on one core. Usage: time_one.py FOLDER ITERATIONS LEAVES. Reads spec.json and train.csv.

Prints one line of JSON: CPU seconds of binning and training, without reading the file, median of three.
"""

import json
import sys
import time
from pathlib import Path

import lightgbm
import pandas

folder, iterations, leaves = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
spec = json.loads((folder / "spec.json").read_text())
rows = pandas.read_csv(folder / "train.csv")
target = rows.pop("target").to_numpy()
for column in spec["categorical"]:
    rows[column] = rows[column].astype("category")
parameters = {
    "objective": "regression" if spec["task"] == "regression" else "binary",
    "num_leaves": leaves,
    "learning_rate": 0.05,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "feature_fraction": 0.8,
    "num_threads": 1,
    "verbosity": -1,
    "seed": 1,
}
seconds = []
for _ in range(3):
    began = time.process_time()
    lightgbm.train(parameters, lightgbm.Dataset(rows, target), iterations)
    seconds.append(time.process_time() - began)
print(json.dumps({"seconds": sorted(seconds)[1]}))
