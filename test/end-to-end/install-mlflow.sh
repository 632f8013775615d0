#!/usr/bin/env bash
# Makes the virtual environment .cache/mlflow with an MLflow server (about 1 GB). Needs Python 3.10 or later with venv. Does
# nothing when it is there for this version already.
set -euo pipefail
cd "$(dirname "$0")/../.."
wanted=mlflow==3.17.2
folder=.cache/mlflow
if [ "$(cat "$folder/installed.txt" 2>/dev/null)" = "$wanted" ]; then
  echo "$folder is there"
  exit 0
fi
rm -rf "$folder"
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check "$wanted"
echo "$wanted" > "$folder/installed.txt"
echo "$folder made"
