"""KS and PSI of every column by Evidently, from raw rows; categories by chi-square and PSI."""

import json
import resource
import sys
import time

import evidently
from evidently import DataDefinition, Dataset, Report
from evidently.metrics import ValueDrift
from read_rows import read_rows


def compare(reference, current):
    texts = [name for name in reference.columns if reference[name].dtype == object]
    numbers = [name for name in reference.columns if name not in texts]
    definition = DataDefinition(numerical_columns=numbers, categorical_columns=texts)
    metrics = [ValueDrift(column=name, method="psi") for name in reference.columns]
    metrics += [ValueDrift(column=name, method="ks") for name in numbers]
    metrics += [ValueDrift(column=name, method="chisquare") for name in texts]
    datasets = [Dataset.from_pandas(part, data_definition=definition) for part in (current, reference)]
    return Report(metrics).run(*datasets).dict()


reference, current = read_rows(sys.argv[1])
started, cpu = time.perf_counter(), time.process_time()
answers = compare(reference, current)
seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
assert len(answers["metrics"]) == 2 * len(reference.columns)
print(json.dumps({
    "seconds": seconds,
    "cpuSeconds": cpu_seconds,
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "version": f"evidently {evidently.__version__}",
}))
