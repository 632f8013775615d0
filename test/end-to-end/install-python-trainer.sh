#!/usr/bin/env bash
# Makes the virtual environment .cache/python-trainer with what trainer/python needs (about 1.3 GB). Needs Python 3.11 or
# later with venv. Does nothing when it is there for these requirements already.
set -euo pipefail
cd "$(dirname "$0")/../.."
requirements=trainer/python/requirements.txt
folder=.cache/python-trainer
if cmp --silent "$requirements" "$folder/installed.txt"; then
  echo "$folder is there"
  exit 0
fi
rm -rf "$folder"
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
cp "$requirements" "$folder/installed.txt"
echo "$folder made"
