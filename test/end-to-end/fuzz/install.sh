#!/usr/bin/env bash
# Schemathesis (about 100 MB).
set -euo pipefail
exec bash "$(dirname "$0")/../../helpers/python-environment.sh" fuzz test/end-to-end/fuzz/requirements.txt
