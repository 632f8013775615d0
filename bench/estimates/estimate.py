"""Trains models on real data, and writes their answers to held-out rows with what NannyML's CBPE estimates of them.

    python bench/estimates/estimate.py FOLDER OUTPUT.json
FOLDER holds obesity.csv, car_data.csv and kickstarter.csv. Every data set is split at random, several times over, into
rows to learn (half), reference rows (a quarter, not learned: what NannyML asks for) and rows to estimate (a quarter). A
second time the rows to estimate are drawn with weights that follow one feature: the population moves, the concept stays.
"""

import json
import os
import platform
import sys
import warnings

# Before the import: NannyML reports its use to its makers otherwise.
os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"

import lightgbm
import nannyml
import numpy
import pandas
from nannyml.performance_estimation.confidence_based import cbpe
from sklearn.model_selection import train_test_split

warnings.simplefilter("ignore")


def read_obesity(folder):
    data = pandas.read_csv(f"{folder}/obesity.csv")
    # Without weight and height, of which the label is nearly a function.
    return data.drop(columns=["NObeyesdad", "Weight", "Height"]), data["NObeyesdad"], "Age"


def read_car(folder):
    data = pandas.read_csv(f"{folder}/car_data.csv", encoding="utf-8-sig")
    return data.drop(columns=["Purchased", "User ID"]), data["Purchased"], "Age"


def read_kickstarter(folder):
    data = pandas.read_csv(f"{folder}/kickstarter.csv")
    data = data[data["state"].isin(["successful", "failed"])].drop_duplicates("id")
    features = pandas.DataFrame({
        "usd_goal": data["usd_goal"],
        "main_category": data["main_category"],
        "country": data["country"],
        "name_length": data["name"].fillna("").str.split().str.len(),
        "description_length": data["blurb"].fillna("").str.split().str.len(),
        "staff_pick": data["staff_pick"].astype(int),
    })
    return features, data["state"], "usd_goal"


DATA = {"obesity": (read_obesity, 20), "car": (read_car, 20), "kickstarter": (read_kickstarter, 5)}


def shifted(random, features, name):
    """Rows drawn so that those with a high value of a feature come nine times as often as those with a low one."""
    ranks = features[name].rank(pct=True).to_numpy()
    weights = 1 / (1 + numpy.exp(-9 * (ranks - 0.5))) + 0.125
    return random.choice(len(features), len(features), p=weights / weights.sum())


def answers(model, classes, features, target):
    scores = model.predict_proba(features).astype(numpy.float32)
    answered = scores.argmax(axis=1)
    return {
        "scores": scores.tolist(),
        "answered": answered.tolist(),
        "actual": [classes.index(value) for value in target],
    }


def frame(answered, classes):
    scores = numpy.array(answered["scores"], dtype=float)
    columns = {f"p_{i}": scores[:, i] for i in range(len(classes))}
    return pandas.DataFrame({
        **columns,
        "answered": [str(i) for i in answered["answered"]],
        "actual": [str(i) for i in answered["actual"]],
    })


DECIDES_BY_ITSELF = cbpe.needs_calibration


def nannyml_estimates(reference, current, classes, always):
    """CBPE as it comes, or made to calibrate always, in place of where its own check sees a gain."""
    cbpe.needs_calibration = (lambda *_, **__: True) if always else DECIDES_BY_ITSELF
    binary = len(classes) == 2
    rows = [frame(reference, classes), frame(current, classes)]
    if binary:
        rows = [part.assign(answered=part["answered"].astype(int), actual=part["actual"].astype(int)) for part in rows]
    estimator = nannyml.CBPE(
        y_pred_proba="p_1" if binary else {str(i): f"p_{i}" for i in range(len(classes))},
        y_pred="answered",
        y_true="actual",
        problem_type="classification_binary" if binary else "classification_multiclass",
        metrics=["accuracy", "f1", "roc_auc"],
        chunk_number=1,
    )
    estimator.fit(rows[0])
    result = estimator.estimate(rows[1]).filter(period="analysis").to_df()
    return {metric: float(result[(metric, "value")].iloc[0]) for metric in ["accuracy", "f1", "roc_auc"]}


def run(folder, name):
    read, splits = DATA[name]
    features, target, mover = read(folder)
    for column in features.columns:
        if features[column].dtype.kind not in "if":
            features[column] = features[column].astype("category")
    target = target.astype(str)
    classes = sorted(target.unique())
    for seed in range(splits):
        random = numpy.random.default_rng(seed)
        learn_x, rest_x, learn_y, rest_y = train_test_split(features, target, test_size=0.5, random_state=seed)
        reference_x, later_x, reference_y, later_y = train_test_split(rest_x, rest_y, test_size=0.5, random_state=seed)
        model = lightgbm.LGBMClassifier(n_estimators=60, n_jobs=1, random_state=seed, verbose=-1).fit(learn_x, learn_y)
        reference = answers(model, classes, reference_x, reference_y)
        drawn = shifted(random, later_x, mover)
        scenarios = {"same population": slice(None), "moved population": drawn}
        for scenario, rows in scenarios.items():
            current = answers(model, classes, later_x.iloc[rows], later_y.iloc[rows])
            yield {
                "data": name,
                "scenario": scenario,
                "seed": seed,
                "classes": classes,
                "reference": reference,
                "learned": answers(model, classes, learn_x, learn_y) if scenario == "same population" else None,
                "current": current,
                "nannyml": nannyml_estimates(reference, current, classes, always=False),
                "nannymlAlways": nannyml_estimates(reference, current, classes, always=True),
            }


def main():
    folder, output = sys.argv[1:]
    versions = {
        "python": platform.python_version(),
        "nannyml": nannyml.__version__,
        "lightgbm": lightgbm.__version__,
        "numpy": numpy.__version__,
    }
    with open(output, "w") as file:
        file.write(json.dumps({"versions": versions}) + "\n")
        for name in DATA:
            for case in run(folder, name):
                file.write(json.dumps(case) + "\n")
                print(name, case["scenario"], case["seed"], case["nannyml"], flush=True)


main()
