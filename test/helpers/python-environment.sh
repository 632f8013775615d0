#!/usr/bin/env bash
# Makes the virtual environment .cache/NAME from a requirements file. Needs Python 3.11 or later with venv. Does nothing when it
# is there for these requirements already. Usage: python-environment.sh NAME REQUIREMENTS, the latter from the repository's top.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=.cache/$1
requirements=$2
if cmp --silent "$requirements" "$folder/installed.txt"; then
  echo "$folder is there"
  exit 0
fi
rm -rf "$folder"
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
cp "$requirements" "$folder/installed.txt"
echo "$folder made"
