"""KS and PSI of every column by scipy and numpy, from raw rows: PSI over deciles of the reference, categories by chi-square."""

import json
import resource
import sys
import time

import numpy
import pandas
from read_rows import read_rows
from scipy import stats


def psi(reference, current):
    bins = len(reference)
    p = (reference + 0.5) / (reference.sum() + bins / 2)
    q = (current + 0.5) / (current.sum() + bins / 2)
    return float(((q - p) * numpy.log(q / p)).sum())


def compare(reference, current):
    answers = {}
    for name in reference.columns:
        ref, cur = reference[name], current[name]
        if ref.dtype == object:
            names = sorted(set(ref.unique()) | set(cur.unique()))
            tables = [part.value_counts().reindex(names, fill_value=0).to_numpy() for part in (ref, cur)]
            chi_square = stats.chi2_contingency(numpy.array(tables)).statistic
            answers[name] = {"psi": psi(*tables), "chi_square": float(chi_square)}
            continue
        edges = numpy.unique(numpy.quantile(ref, numpy.arange(1, 10) / 10))
        counts = [numpy.bincount(numpy.searchsorted(edges, part, side="right"), minlength=len(edges) + 1) for part in (ref, cur)]
        answers[name] = {"psi": psi(*counts), "ks": float(stats.ks_2samp(ref, cur, method="asymp").statistic)}
    return answers


reference, current = read_rows(sys.argv[1])
started, cpu = time.perf_counter(), time.process_time()
answers = compare(reference, current)
seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
print(json.dumps({
    "seconds": seconds,
    "cpuSeconds": cpu_seconds,
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "version": f"scipy {__import__('scipy').__version__}, numpy {numpy.__version__}, pandas {pandas.__version__}",
    "answers": answers,
}))
