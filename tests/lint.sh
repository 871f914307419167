#!/usr/bin/env bash
# The quick checks: style, types, layers, and that the project speaks only of itself.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin
"$bin/ruff" format --check .
"$bin/ruff" check .
"$bin/mypy"
"$bin/lint-imports" --no-cache
