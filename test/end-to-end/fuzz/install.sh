#!/usr/bin/env bash
# Makes the virtual environment .cache/fuzz with schemathesis (about 100 MB). Needs Python 3.11 or later with venv. Does
# nothing when it is there for these requirements already.
set -euo pipefail
cd "$(dirname "$0")/../../.."
requirements=test/end-to-end/fuzz/requirements.txt
folder=.cache/fuzz
if cmp --silent "$requirements" "$folder/installed.txt"; then
  echo "$folder is there"
  exit 0
fi
rm -rf "$folder"
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
cp "$requirements" "$folder/installed.txt"
echo "$folder made"
