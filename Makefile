# Everything a newcomer needs: `make plan` plans the bundled example, `make test` runs every check.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: help plan app setup test lint lint-deploy docs bench bench-forecast bench-events bench-queueing bench-peers catalogues lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

plan: setup ## plan the bundled bank example, two scenarios side by side
	@$(BIN)/staffing compare data/bank base launch --out out

app: setup ## open the planner in the browser
	@$(BIN)/staffing app

setup: $(VENV)/run.stamp ## build the environment only

test: $(VENV)/dev.stamp ## set up what tests need, run every check and test
	@bash tests/run.sh

lint: $(VENV)/dev.stamp ## the quick checks alone
	@bash tests/lint.sh

lint-deploy: ## hadolint, Kubernetes' and compose's schemas, systemd-analyze on what is under deploy/
	@bash tests/deploy.sh

docs: $(VENV)/dev.stamp ## build the documentation site in out/site, any warning an error
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet && echo "Open out/site/index.html"

bench: $(VENV)/dev.stamp ## benchmarks that need no peer
	@$(BIN)/python -m benchmarks

bench-events: $(VENV)/dev.stamp ## events: planted effects against Prophet and a typed average, launch dates
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.events
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.event_flags
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.launch_dates
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.reforecast

PEERS ?= .peers

bench-forecast: $(VENV)/dev.stamp bench-peers ## forecast against its peers on real series (an hour)
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.forecast --peers $(PEERS) --out docs/forecast-results.md

bench-peers: $(PEERS)/venv/peers.stamp ## the peers' own environment

$(PEERS)/venv/peers.stamp: benchmarks/peers/requirements.txt
	@$(PYTHON) -m venv $(PEERS)/venv
	@$(PEERS)/venv/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

PEERS_QUEUEING ?= /tmp/peers-queueing

bench-queueing: $(VENV)/dev.stamp $(PEERS_QUEUEING)/venv/peers.stamp ## the staffing mathematics against exact values and its peer (ten minutes)
	@OMP_NUM_THREADS=1 NUMBA_NUM_THREADS=1 $(BIN)/python -m benchmarks.queueing_agents --peer-python $(PEERS_QUEUEING)/venv/bin/python
	@$(BIN)/python -m benchmarks.queueing_accuracy
	@$(BIN)/python -m benchmarks.queueing_day

# The peer runs on this Python, though its metadata says otherwise.
$(PEERS_QUEUEING)/venv/peers.stamp: benchmarks/peers/queueing.txt
	@$(PYTHON) -m venv $(PEERS_QUEUEING)/venv
	@$(PEERS_QUEUEING)/venv/bin/pip install --quiet --disable-pip-version-check joblib ortools
	@$(PEERS_QUEUEING)/venv/bin/pip install --quiet --disable-pip-version-check --no-deps --ignore-requires-python -r $<
	@touch $@

lock: ## renew the locked requirements (needs uv)
	uv pip compile --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header pyproject.toml --group build -o requirements/run.txt
	uv pip compile --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header pyproject.toml --group dev -c requirements/run.txt -o requirements/dev.txt

catalogues: $(VENV)/dev.stamp ## gather texts from the code into every language's catalogue, compile them
	@$(BIN)/python -m tests.language.catalogues

clean: ## remove what was built and planned, keep the sources
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "Python is missing. Install it: sudo apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) -V 2>&1). Name a newer one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing. Install it: sudo apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up the environment in $(VENV) (a few minutes the first time) ..."
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -c 'import lightgbm' 2>/dev/null || echo "The forecast will leave boosted trees out. To have them: sudo apt-get install libgomp1"
	@echo "Compiling the numerical kernels (once per machine) ..."
	@$(BIN)/staffing warm-up
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@
