#!/usr/bin/env bash
# What trainer/python needs (about 1.3 GB).
set -euo pipefail
exec bash "$(dirname "$0")/../helpers/python-environment.sh" python-trainer trainer/python/requirements.txt
