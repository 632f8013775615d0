"""Judges windows by Evidently's defaults. Reads what bench/decisions/evidently.ts wrote, prints one line of JSON a window.

A window is a folder: columns.json (names, types, rows), and one file of little-endian 64-bit floats for each column of the
reference and of the window; a category is its number, -1 where missing. "outlier" holds the case of one value far away.
"""

import json
import pathlib
import sys
import warnings

import numpy
import pandas
from evidently import DataDefinition, Dataset, Report
from evidently.metrics import ValueDrift
from evidently.presets import DataDriftPreset

warnings.filterwarnings("ignore")
FEW_CATEGORIES = 50


def read(folder, columns, window):
    frame = {}
    for column in columns:
        values = numpy.fromfile(folder / f"{window}-{column['name']}.f64", dtype="<f8")
        if column["type"] == "categorical":
            frame[column["name"]] = pandas.Series(values.astype(int).astype(str)).where(values >= 0)
        else:
            frame[column["name"]] = values
    return pandas.DataFrame(frame)


def judge(folder):
    columns = json.loads((folder / "columns.json").read_text())
    definition = DataDefinition(
        numerical_columns=[c["name"] for c in columns if c["type"] == "numeric"],
        categorical_columns=[c["name"] for c in columns if c["type"] == "categorical"],
    )
    current, reference = (
        Dataset.from_pandas(read(folder, columns, window), data_definition=definition)
        for window in ("current", "reference")
    )
    count, *columns = Report([DataDriftPreset()]).run(current, reference).dict()["metrics"]
    drifted = [metric["config"]["column"] for metric in columns if is_drifted(metric)]
    assert len(drifted) == count["value"]["count"], "the report counts other columns as drifted than its values say"
    frame = reference.as_dataframe()
    few = [name for name in drifted if frame[name].dtype != object or frame[name].nunique() <= FEW_CATEGORIES]
    return {
        "window": folder.name,
        "columns": len(drifted),
        "fewCategories": len(few),
        "dataset": bool(count["value"]["share"] >= 0.5),
    }


def is_drifted(metric):
    """A p-value drifts below its threshold, a distance from its threshold on."""
    value, config = metric["value"], metric["config"]
    return value < config["threshold"] if "p_value" in config["method"] else value >= config["threshold"]


def psi(reference, current):
    definition = DataDefinition(numerical_columns=["x"])
    windows = [Dataset.from_pandas(pandas.DataFrame({"x": x}), data_definition=definition) for x in (current, reference)]
    return float(Report([ValueDrift(column="x", method="psi")]).run(*windows).dict()["metrics"][0]["value"])


def outlier(folder):
    reference = numpy.fromfile(folder / "reference-x.f64", dtype="<f8")
    current = numpy.fromfile(folder / "current-x.f64", dtype="<f8")
    return {"window": "outlier", "psi": psi(reference, current[:-1]), "psiWithOutlier": psi(reference, current)}


def main():
    for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        print(json.dumps(outlier(folder) if folder.name == "outlier" else judge(folder)), flush=True)


if __name__ == "__main__":
    main()
