"""LightGBM with its defaults and tuned by Optuna, on one split.

Usage: tune.py FOLDER TRIALS SEED. FOLDER holds spec.json (task, classes, names of categorical columns), train.csv and
test.csv (the last column is the target). Writes default.csv and tuned.csv there: a line of answers a row of test.csv. Prints
one line of JSON: CPU seconds and chosen parameters.
"""

import json
import resource
import sys
from pathlib import Path

import lightgbm
import numpy
import optuna
import pandas
from sklearn.metrics import log_loss, mean_absolute_error
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

FOLDS = 3
ROUNDS = 500
PATIENCE = 50
REFIT_FACTOR = 1.1

folder, trials, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
spec = json.loads((folder / "spec.json").read_text())
is_regression = spec["task"] == "regression"
classes = len(spec["classes"])


def read(name: str):
    table = pandas.read_csv(folder / name)
    target = table.pop("target")
    for column in spec["categorical"]:
        table[column] = table[column].astype("category")
    return table, target.to_numpy()


rows, target = read("train.csv")
test, _ = read("test.csv")
for column in spec["categorical"]:
    known = pandas.CategoricalDtype(rows[column].cat.categories)
    test[column] = test[column].astype(known)
groups = rows.astype(str).agg("|".join, axis=1).astype("category").cat.codes
objectives = ["regression", "regression_l1"] if is_regression else ["binary" if classes == 2 else "multiclass"]
# One thread: two that wait for a busy core spin, and the CPU time would say so.
common = {"verbosity": -1, "num_threads": 1, "seed": seed, "deterministic": True, "force_row_wise": True}
if classes > 2:
    common["num_class"] = classes


def split():
    if is_regression:
        return GroupKFold(FOLDS, shuffle=True, random_state=seed).split(rows, target, groups)
    return StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed).split(rows, target, groups)


folds = list(split())


def loss(truth, answers) -> float:
    return mean_absolute_error(truth, answers) if is_regression else log_loss(truth, answers, labels=range(classes))


def score(trial: optuna.Trial) -> float:
    parameters = {
        **common,
        "objective": trial.suggest_categorical("objective", objectives),
        "learning_rate": trial.suggest_float("learning_rate", 0.02, 0.3, log=True),
        "num_leaves": trial.suggest_int("num_leaves", 3, 128, log=True),
        "min_data_in_leaf": trial.suggest_int("min_data_in_leaf", 2, 100, log=True),
        "lambda_l2": trial.suggest_float("lambda_l2", 1e-3, 30, log=True),
        "lambda_l1": trial.suggest_float("lambda_l1", 1e-3, 10, log=True),
        "bagging_fraction": trial.suggest_float("bagging_fraction", 0.5, 1),
        "bagging_freq": 1,
        "feature_fraction": trial.suggest_float("feature_fraction", 0.4, 1),
    }
    if spec["categorical"]:
        parameters["cat_l2"] = trial.suggest_float("cat_l2", 0.5, 50, log=True)
        parameters["cat_smooth"] = trial.suggest_float("cat_smooth", 1, 50, log=True)
    answers = numpy.zeros(len(rows) if classes <= 2 else (len(rows), classes))
    iterations = []
    for kept, held in folds:
        learned = lightgbm.Dataset(rows.iloc[kept], target[kept])
        unseen = lightgbm.Dataset(rows.iloc[held], target[held], reference=learned)
        stop = lightgbm.early_stopping(PATIENCE, verbose=False)
        booster = lightgbm.train(parameters, learned, ROUNDS, valid_sets=[unseen], callbacks=[stop])
        answers[held] = booster.predict(rows.iloc[held], num_iteration=booster.best_iteration)
        iterations.append(booster.best_iteration)
    trial.set_user_attr("parameters", parameters)
    trial.set_user_attr("iterations", max(1, round(REFIT_FACTOR * float(numpy.mean(iterations)))))
    return loss(target, answers)


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def write(name: str, booster: lightgbm.Booster) -> None:
    numpy.savetxt(folder / name, booster.predict(test), delimiter=",", fmt="%.9g")


began = cpu_seconds()
write("default.csv", lightgbm.train({**common, "objective": objectives[0]}, lightgbm.Dataset(rows, target), 100))
default_seconds = cpu_seconds() - began
optuna.logging.set_verbosity(optuna.logging.WARNING)
study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
study.optimize(score, n_trials=trials)
best = study.best_trial.user_attrs
write("tuned.csv", lightgbm.train(best["parameters"], lightgbm.Dataset(rows, target), best["iterations"]))
chosen = {**study.best_params, "iterations": best["iterations"]}
print(json.dumps({"default": default_seconds, "tuned": cpu_seconds() - began - default_seconds, "parameters": chosen}))
