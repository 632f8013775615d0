"""The search: Optuna's tree-structured Parzen estimator over families and their parameters, by cross-validation."""

import time
import warnings
from pathlib import Path

import numpy
import optuna
from sklearn.metrics import accuracy_score, f1_score, log_loss, mean_absolute_error, mean_squared_error, roc_auc_score
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

from contract import Job, TrainingError, append_trial, finite
from families import choose_parameters, create_pipeline, default_parameters, wanted_families

LOSSES = {"log_loss": "logLoss", "mae": "meanAbsoluteError", "rmse": "rootMeanSquaredError"}
GAINS = {"accuracy": "accuracy", "macro_f1": "macroF1", "roc_auc": "rocAuc"}


def find_best(job: Job, output: Path) -> dict:
    """Tries as many candidates as the plan says; returns the best trial's record. Raises TrainingError if none could be scored."""
    plan = job.plan
    families = wanted_families(job)
    folds = split_rows(job)
    ends_at = time.monotonic() + 60 * plan["searchMinutes"]
    trials = []

    def run_trial(trial: optuna.Trial) -> float:
        family = trial.suggest_categorical("family", families)
        parameters = choose_parameters(trial, family)
        record = {"number": trial.number, "family": family, "parameters": parameters, "metric": plan["metric"]}
        began = time.monotonic()
        try:
            metrics = score(job, family, parameters, folds, trial)
            value = metrics.get((LOSSES | GAINS)[plan["metric"]])
            if value is None:
                raise TrainingError(f"{plan['metric']} is no number on the held-out rows")
            record |= {"state": "complete", "metrics": metrics, "score": value}
        except optuna.TrialPruned as pruned:
            metrics = pruned.args[0]
            record |= {"state": "pruned", "metrics": metrics, "score": metrics.get((LOSSES | GAINS)[plan["metric"]])}
            raise
        except Exception as error:  # one candidate that cannot be fitted is no reason to give up the others
            record |= {"state": "failed", "metrics": {}, "score": None, "reason": str(error)[:500]}
            raise optuna.TrialPruned() from error
        finally:
            record["durationSeconds"] = time.monotonic() - began
            trials.append(record)
            append_trial(output, record)
            say(record, plan)
            if time.monotonic() > ends_at:
                trial.study.stop()
        return value

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    warnings.filterwarnings("ignore", category=optuna.exceptions.ExperimentalWarning)
    study = optuna.create_study(
        direction="minimize" if plan["metric"] in LOSSES else "maximize",
        sampler=optuna.samplers.TPESampler(seed=job.request["seed"], multivariate=True, group=True),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=8, n_warmup_steps=0),
    )
    for family in families:
        # The search begins with what is usual, and learns from it.
        usual = {f"{family}.{name}": value for name, value in default_parameters(family).items()}
        study.enqueue_trial({"family": family, **usual})
    study.optimize(run_trial, n_trials=plan["trials"])
    complete = [trial for trial in trials if trial["state"] == "complete"]
    if not complete:
        raise TrainingError(f"none of {len(trials)} trials could be scored; the last one: {trials[-1].get('reason')}")
    return (min if plan["metric"] in LOSSES else max)(complete, key=lambda trial: trial["score"])


def split_rows(job: Job) -> list:
    """Folds in which rows with equal features are on one side; classes spread alike."""
    count = min(job.plan["folds"], len(set(job.groups)))
    if count < 2:
        raise TrainingError("all rows have the same features; nothing can be learned from them")
    if job.is_regression:
        return list(GroupKFold(count, shuffle=True, random_state=job.request["seed"]).split(job.rows, job.target, job.groups))
    folds = StratifiedGroupKFold(count, shuffle=True, random_state=job.request["seed"])
    return list(folds.split(job.rows, job.target, job.groups))


def score(job: Job, family: str, parameters: dict, folds: list, trial: optuna.Trial) -> dict:
    """Metrics over all rows, each answered by the fold that did not learn it. Given up where the first folds are bad."""
    classes = len(job.manifest["classes"])
    answers = numpy.full(len(job.rows) if job.is_regression else (len(job.rows), classes), numpy.nan)
    metrics = {}
    for step, (kept, held) in enumerate(folds):
        pipeline = fit(job, family, parameters, kept)
        answers[held] = answers_of(pipeline, job, job.rows.iloc[held])
        done = numpy.concatenate([fold[1] for fold in folds[: step + 1]])
        metrics = measure(job, done, answers[done])
        value = metrics.get((LOSSES | GAINS)[job.plan["metric"]])
        if value is not None:
            trial.report(value, step)
            if step + 1 < len(folds) and trial.should_prune():
                raise optuna.TrialPruned(metrics)
    return metrics


def fit(job: Job, family: str, parameters: dict, rows=None):
    """A pipeline fitted to some rows, or to all."""
    rows = numpy.arange(len(job.rows)) if rows is None else rows
    weights = job.weights[rows]
    if job.plan["classWeights"] == "balanced" and not job.is_regression:
        totals = numpy.bincount(job.target[rows], weights=weights, minlength=len(job.manifest["classes"]))
        weights = weights / numpy.maximum(totals, 1e-12)[job.target[rows]]
    weights = weights / weights.mean()
    pipeline = create_pipeline(job, family, parameters)
    return pipeline.fit(job.rows.iloc[rows], job.target[rows], model__sample_weight=weights)


def answers_of(pipeline, job: Job, rows) -> numpy.ndarray:
    """Values, or probabilities with a column a class of the manifest, those that a fold did not see at 0."""
    if job.is_regression:
        return pipeline.predict(rows)
    answers = numpy.zeros((len(rows), len(job.manifest["classes"])))
    answers[:, pipeline.classes_] = pipeline.predict_proba(rows)
    return answers


def measure(job: Job, rows: numpy.ndarray, answers: numpy.ndarray) -> dict:
    target, weights = job.target[rows], job.weights[rows]
    if job.is_regression:
        squared = mean_squared_error(target, answers, sample_weight=weights)
        absolute = mean_absolute_error(target, answers, sample_weight=weights)
        return finite({"rows": len(rows), "meanAbsoluteError": absolute, "rootMeanSquaredError": squared**0.5})
    labels = list(range(answers.shape[1]))
    chosen = answers.argmax(axis=1)
    return finite(
        {
            "rows": len(rows),
            "accuracy": accuracy_score(target, chosen, sample_weight=weights),
            "macroF1": f1_score(target, chosen, average="macro", sample_weight=weights),
            "rocAuc": area(target, answers, weights),
            "logLoss": log_loss(target, answers, labels=labels, sample_weight=weights),
        }
    )


def area(target, answers, weights) -> float:
    """Mean over the classes that have rows in and outside of them."""
    classes = [1] if answers.shape[1] == 2 else range(answers.shape[1])
    areas = [
        roc_auc_score(target == i, answers[:, i], sample_weight=weights)
        for i in classes
        if 0 < (target == i).sum() < len(target)
    ]
    return float(numpy.mean(areas)) if areas else float("nan")


def say(record: dict, plan: dict) -> None:
    score = "-" if record["score"] is None else f"{record['score']:.5g}"
    reason = f": {record['reason']}" if "reason" in record else ""
    state = "" if record["state"] == "complete" else f", {record['state']}{reason}"
    took = f"{plan['metric']} {score} in {record['durationSeconds']:.1f} s"
    print(f"trial {record['number'] + 1} of {plan['trials']}: {record['family']}, {took}{state}", flush=True)
