#!/usr/bin/env bash
# Makes the virtual environment .cache/python-clients with the Python clients that drive /v2 as black boxes (about
# 500 MB). Needs Python 3.11 or 3.12 with venv. Does nothing when it is there for these requirements already.
set -euo pipefail
cd "$(dirname "$0")/../../.."
requirements=test/service/v2/requirements.txt
folder=.cache/python-clients
if cmp --silent "$requirements" "$folder/installed.txt"; then
  echo "$folder is there"
  exit 0
fi
rm -rf "$folder"
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
cp "$requirements" "$folder/installed.txt"
echo "$folder made"
