"""KS and Jensen-Shannon distance of every column by NannyML (it has no PSI), from raw rows, the current ones as one chunk."""

import json
import os
import resource
import sys
import time

# Before the import: NannyML reports its use to its makers otherwise.
os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"

import nannyml
from read_rows import read_rows


def compare(reference, current):
    calculator = nannyml.UnivariateDriftCalculator(
        column_names=list(reference.columns),
        continuous_methods=["kolmogorov_smirnov", "jensen_shannon"],
        categorical_methods=["chi2", "jensen_shannon"],
        chunk_number=1,
    )
    calculator.fit(reference)
    return calculator.calculate(current)


reference, current = read_rows(sys.argv[1])
started, cpu = time.perf_counter(), time.process_time()
compare(reference, current)
seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
print(json.dumps({
    "seconds": seconds,
    "cpuSeconds": cpu_seconds,
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "version": f"nannyml {nannyml.__version__}",
}))
