#!/usr/bin/env bash
# The Python clients that drive /v2 as black boxes (about 500 MB; they need Python 3.11 or 3.12).
set -euo pipefail
exec bash "$(dirname "$0")/../../helpers/python-environment.sh" python-clients test/service/v2/requirements.txt
