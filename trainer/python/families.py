"""The families of models: what a search may choose of each, and the pipeline that a choice makes."""

import numpy
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC, SVR
from xgboost import XGBClassifier, XGBRegressor

from contract import Job, TrainingError

FAMILIES = ["lightgbm", "xgboost", "forest", "svm"]
# Support vectors are compared with every row: time and model grow with the square of the rows.
MOST_SVM_ROWS = 5_000


def wanted_families(job: Job) -> list[str]:
    """The families of the plan, or all. Raises TrainingError for one that is not known, or where none is left."""
    names = job.plan.get("families") or FAMILIES
    for name in names:
        if name not in FAMILIES:
            raise TrainingError(f'training.families names "{name}", the Python trainer has {", ".join(FAMILIES)}')
    if len(job.rows) > MOST_SVM_ROWS and "svm" in names:
        print(f"svm is left out: {len(job.rows)} rows, it is tried up to {MOST_SVM_ROWS}", flush=True)
        names = [name for name in names if name != "svm"]
    if not names:
        raise TrainingError("no family is left to try; name another in training.families")
    return names


def choose_parameters(trial, family: str) -> dict:
    """Lets an Optuna trial choose what a family is told; the defaults are in `default_parameters`."""
    if family in ("lightgbm", "xgboost"):
        return {
            "n_estimators": trial.suggest_int(f"{family}.n_estimators", 50, 600, log=True),
            "learning_rate": trial.suggest_float(f"{family}.learning_rate", 0.02, 0.3, log=True),
            "leaves": trial.suggest_int(f"{family}.leaves", 3, 64, log=True),
            "leaf_rows": trial.suggest_int(f"{family}.leaf_rows", 1, 100, log=True),
            "l2": trial.suggest_float(f"{family}.l2", 1e-3, 30, log=True),
            "row_share": trial.suggest_float(f"{family}.row_share", 0.5, 1),
            "column_share": trial.suggest_float(f"{family}.column_share", 0.4, 1),
        }
    if family == "forest":
        return {
            "n_estimators": trial.suggest_int("forest.n_estimators", 50, 300, log=True),
            "leaf_rows": trial.suggest_int("forest.leaf_rows", 1, 30, log=True),
            "column_share": trial.suggest_float("forest.column_share", 0.2, 1),
            "depth": trial.suggest_int("forest.depth", 4, 24, log=True),
        }
    return {
        "c": trial.suggest_float("svm.c", 0.1, 100, log=True),
        "gamma": trial.suggest_float("svm.gamma", 1e-3, 1, log=True),
    }


def default_parameters(family: str) -> dict:
    """What a family is told when nothing is known of the data."""
    if family in ("lightgbm", "xgboost"):
        trees = {"n_estimators": 100, "learning_rate": 0.1, "leaves": 31, "leaf_rows": 20}
        return {**trees, "l2": 0.1, "row_share": 1.0, "column_share": 1.0}
    if family == "forest":
        return {"n_estimators": 100, "leaf_rows": 2, "column_share": 0.5, "depth": 16}
    return {"c": 1.0, "gamma": 0.1}


def create_pipeline(job: Job, family: str, parameters: dict) -> Pipeline:
    """Features as they come to the answer, all in one object that ONNX can express."""
    return Pipeline([("columns", create_columns(job, family)), ("model", create_model(job, family, parameters))])


def create_columns(job: Job, family: str) -> ColumnTransformer:
    """Boosted trees take missing numbers as they are; the others take the median."""
    features = job.manifest["features"]
    numbers = [f["name"] for f in features if f["type"] != "categorical"]
    texts = [f for f in features if f["type"] == "categorical"]
    by_kind = []
    if numbers:
        by_kind.append(("numbers", number_steps(family), numbers))
    if texts:
        # '' is missing, and no category; unknown ones are all zeros.
        known = [[name for name in feature["categories"] if name != ""] or [""] for feature in texts]
        flags = OneHotEncoder(categories=known, handle_unknown="ignore", sparse_output=False, dtype=numpy.float32)
        by_kind.append(("texts", flags, [feature["name"] for feature in texts]))
    return ColumnTransformer(by_kind, sparse_threshold=0)


def number_steps(family: str):
    if family in ("lightgbm", "xgboost"):
        return "passthrough"
    median = SimpleImputer(strategy="median", keep_empty_features=True)
    return Pipeline([("median", median), ("scale", StandardScaler())]) if family == "svm" else median


def create_model(job: Job, family: str, p: dict):
    common = {"random_state": job.request["seed"], "n_jobs": job.plan["threads"]}
    if family == "lightgbm":
        cls = LGBMRegressor if job.is_regression else LGBMClassifier
        return cls(
            **common,
            n_estimators=p["n_estimators"],
            learning_rate=p["learning_rate"],
            num_leaves=p["leaves"],
            min_child_samples=p["leaf_rows"],
            reg_lambda=p["l2"],
            subsample=p["row_share"],
            subsample_freq=1,
            colsample_bytree=p["column_share"],
            deterministic=True,
            force_row_wise=True,
            verbose=-1,
        )
    if family == "xgboost":
        cls = XGBRegressor if job.is_regression else XGBClassifier
        return cls(
            **common,
            n_estimators=p["n_estimators"],
            learning_rate=p["learning_rate"],
            max_leaves=p["leaves"],
            grow_policy="lossguide",
            max_depth=0,
            min_child_weight=p["leaf_rows"] / 4,
            reg_lambda=p["l2"],
            subsample=p["row_share"],
            colsample_bytree=p["column_share"],
            tree_method="hist",
        )
    if family == "forest":
        cls = RandomForestRegressor if job.is_regression else RandomForestClassifier
        return cls(
            **common,
            n_estimators=p["n_estimators"],
            min_samples_leaf=p["leaf_rows"],
            max_features=p["column_share"],
            max_depth=p["depth"],
        )
    if job.is_regression:
        return SVR(C=p["c"], gamma=p["gamma"])
    return CalibratedClassifierCV(SVC(C=p["c"], gamma=p["gamma"]), ensemble=False, cv=3)
