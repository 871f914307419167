#!/usr/bin/env bash
# Everything `make test` does: a browser if there is none, the quick checks, then every test.
set -eu
cd "$(dirname "$0")/.."
if ! command -v chromium >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests ..."
  admin=""
  [ "$(id -u)" -eq 0 ] || admin="sudo"
  $admin apt-get update -qq && $admin apt-get install -y -qq chromium >/dev/null ||
    { echo "Chromium could not be installed. Install it, then run make test again: sudo apt-get install chromium"; exit 1; }
fi
bash tests/lint.sh
exec .venv/bin/python -m pytest -q --numprocesses 2 --dist loadfile "$@"
