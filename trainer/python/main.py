"""A training command after Plumbline's contract: LightGBM, XGBoost, random forests and support vector machines, by Optuna.

Usage: main.py [--end-with-stdin] INPUT_FOLDER OUTPUT_FOLDER
"""

import argparse
import json
import os
import signal
import sys
import threading
import time
import warnings
from pathlib import Path

# Threads that wait by spinning take the processor from serving on the same machine, and from one another.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("GOMP_SPINCOUNT", "0")

from contract import TrainingError, code_version, finite, read_job  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--end-with-stdin", action="store_true", help="end when standard input does")
    parser.add_argument("input", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    if arguments.end_with_stdin:
        threading.Thread(target=end_with_stdin, daemon=True).start()
    # What the libraries warn of is about their use, not about the data.
    warnings.filterwarnings("ignore", category=UserWarning)
    warnings.filterwarnings("ignore", category=FutureWarning)
    train(arguments.input, arguments.output)


def train(input_folder: Path, output: Path) -> None:
    # Loaded here, after standard input is watched: they take seconds.
    from export import check_onnx, to_onnx
    from search import find_best, fit

    began = time.monotonic()
    job = read_job(input_folder)
    print(f"read {len(job.rows)} rows with {len(job.rows.columns)} features", flush=True)
    best = find_best(job, output)
    pipeline = fit(job, best["family"], best["parameters"])
    onnx = to_onnx(pipeline, job)
    difference = check_onnx(onnx, pipeline, job)
    print(f"best: trial {best['number'] + 1}, {best['family']}; ONNX differs by {difference:.1e} at most", flush=True)
    seconds = time.monotonic() - began
    metrics = finite({**best["metrics"], "seconds": seconds, "onnxLargestDifference": difference})
    chosen = {"family": best["family"], "bestTrial": best["number"], "codeVersion": code_version()}
    (output / "metrics.json").write_text(json.dumps({**metrics, **chosen}, indent=2, allow_nan=False))
    (output / "model.onnx").write_bytes(onnx)


def end_with_stdin() -> None:
    """Standard input is held open by the caller: one that was killed cannot end what it started."""
    # Not sys.stdin: its lock, held by this thread at the end, would abort the interpreter.
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    try:
        main()
    except TrainingError as error:
        sys.exit(f"training failed: {error}")
