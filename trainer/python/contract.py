"""The training contract: a folder in (dataset.csv, manifest.json, request.json), a folder out (model.onnx, metrics.json, trials.jsonl)."""

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy
import pandas

WEIGHT_COLUMN = "plumbline_weight"


class TrainingError(Exception):
    """What keeps a model from being trained, in words for the person who reads the run."""


@dataclass(frozen=True)
class Job:
    """What is to be trained, read and checked."""

    manifest: dict
    request: dict
    rows: pandas.DataFrame  # a column a feature, in the manifest's order: float32, or text where categorical ('' is missing)
    target: numpy.ndarray  # index of the class, or the value
    weights: numpy.ndarray
    groups: numpy.ndarray  # rows with equal features have equal numbers

    @property
    def plan(self) -> dict:
        return self.request["training"]

    @property
    def is_regression(self) -> bool:
        return self.manifest["task"] == "regression"


def read_job(folder: Path) -> Job:
    """Reads the folder. Raises TrainingError where it does not hold what the contract says."""
    manifest = json.loads((folder / "manifest.json").read_text())
    request = json.loads((folder / "request.json").read_text())
    if "training" not in request:
        raise TrainingError("request.json has no training")
    table = pandas.read_csv(folder / "dataset.csv", dtype=str, keep_default_na=False)
    names = [feature["name"] for feature in manifest["features"]]
    absent = [name for name in [*names, manifest["target"]] if name not in table.columns]
    if absent:
        raise TrainingError(f"dataset.csv has no column {', '.join(absent)}")
    rows = pandas.DataFrame({feature["name"]: read_column(table, feature) for feature in manifest["features"]})
    weights = table[WEIGHT_COLUMN].astype(float).to_numpy() if WEIGHT_COLUMN in table else numpy.ones(len(table))
    kept = weights > 0
    groups = pandas.util.hash_pandas_object(table[names], index=False).to_numpy()
    target = read_target(table[manifest["target"]], manifest)
    return Job(manifest, request, rows[kept].reset_index(drop=True), target[kept], weights[kept], groups[kept])


def read_column(table: pandas.DataFrame, feature: dict) -> pandas.Series:
    text = table[feature["name"]]
    if feature["type"] == "categorical":
        return text.astype(object)
    numbers = text.replace({"true": "1", "false": "0", "": "nan"})
    return numbers.astype(float).astype(numpy.float32)


def read_target(text: pandas.Series, manifest: dict) -> numpy.ndarray:
    if manifest["task"] == "regression":
        return text.astype(float).to_numpy()
    codes = text.map({name: i for i, name in enumerate(manifest["classes"])})
    if codes.isna().any():
        raise TrainingError(f'class "{text[codes.isna()].iloc[0]}" of dataset.csv is not in the manifest')
    absent = sorted(set(range(len(manifest["classes"]))) - set(codes))
    if absent:
        raise TrainingError(f'class "{manifest["classes"][absent[0]]}" has no row; the model could not answer it')
    return codes.to_numpy(dtype=numpy.int64)


def finite(numbers: dict) -> dict:
    """The numbers that JSON can hold."""
    return {name: value for name, value in numbers.items() if math.isfinite(value)}


def append_trial(folder: Path, trial: dict) -> None:
    with (folder / "trials.jsonl").open("a") as file:
        file.write(json.dumps(trial, allow_nan=False) + "\n")


def code_version() -> str:
    """The digest of these program files and of the pinned packages."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.iterdir()):
        if path.suffix in (".py", ".txt"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return f"Python trainer {digest.hexdigest()[:12]}"
