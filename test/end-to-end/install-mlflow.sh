#!/usr/bin/env bash
# An MLflow server (about 1 GB).
set -euo pipefail
exec bash "$(dirname "$0")/../helpers/python-environment.sh" mlflow test/end-to-end/mlflow-requirements.txt
