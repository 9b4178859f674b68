# Everything a contributor or an operator types. `make help` lists it.

# The first Python that is new enough; when none is, the bootstrap says so in a sentence.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; done; echo python3)
BIN := $(CURDIR)/.venv/bin
PY := $(BIN)/python
T ?=

export PATH := $(CURDIR)/.node/bin:$(PATH)

# Programs that stand outside the package, as seen from backend/.
PROGRAMS := $(addprefix ../infra/,lab/network.py lab/emulator.py digests.py all-in-one/supervise.py proof/proof.py proof/slow.py)

.DEFAULT_GOAL := help
.PHONY: help run test coverage check lint lint-server lint-app dev system bench lab proof build lock openapi format clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

run: ## Start the demo on http://localhost:8080 (PORT=... for another)
	@$(PYTHON) scripts/bootstrap.py run
	@DEMO=1 LOG_FORMAT=$${LOG_FORMAT:-text} exec $(PY) -m teleconsulta.cli serve

test: system ## Run every test, or a part: make test T=tests/calls
	@$(PYTHON) scripts/tests.py $(T)

coverage: system ## The server's tests under coverage, each package held to its share
	@$(PYTHON) scripts/covered.py

check: lint ## Lint, types, import rules, stale files and the fast tests
	cd backend && $(PY) -m pytest -q -m "not slow" --ignore=tests/functional
	cd frontend && npm run --silent test

lint: lint-server lint-app ## The part of `make check` that runs no test

lint-server: dev
	cd backend && $(PY) -m ruff check . ../scripts ../infra && $(PY) -m ruff format --check . ../scripts ../infra
	cd backend && $(PY) -m mypy && MYPYPATH=../infra/proof $(PY) -m mypy $(PROGRAMS)
	cd backend && $(BIN)/lint-imports
	$(PY) scripts/openapi.py --check

lint-app: dev
	cd frontend && npm run --silent check

dev: # What the tests and checks need of other people's packages
	@$(PYTHON) scripts/bootstrap.py dev

system: dev # What they need of the system's
	@$(PYTHON) scripts/system.py

build: ## Build the app into frontend/dist
	@$(PYTHON) scripts/bootstrap.py app

openapi: dev ## Write backend/openapi.json and the app's generated types
	$(PY) scripts/openapi.py
	cd frontend && npm run --silent api

format: ## Format the code
	cd backend && $(PY) -m ruff format . ../scripts ../infra && $(PY) -m ruff check --fix . ../scripts ../infra
	cd frontend && npm run --silent fix

bench: system build ## Measure the figures that docs/ promise: make bench T="P1 P6", QUICK=1
	@cd backend && $(PY) -m bench $(T)

lab: system build ## Hostile networks around real browsers (root, Linux): make lab T="N2 A5", LAB_RUNS=3
	@cd frontend && LAB_ROWS="$(T)" npx playwright test --config lab/playwright.config.ts

proof: ## The image's steps on a clean Debian root, then a call by relay alone (root, Linux)
	@$(PYTHON) scripts/bootstrap.py dev
	@$(PYTHON) scripts/system.py debootstrap
	@$(PYTHON) infra/proof/proof.py build
	@$(PYTHON) infra/proof/proof.py look
	@cd frontend && npx playwright test --config lab/proof/playwright.config.ts

lock: dev ## Renew requirements*.lock from backend/pyproject.toml
	cd backend && $(PY) -m uv pip compile $(LOCK) pyproject.toml -o requirements.lock
	cd backend && $(PY) -m uv pip compile $(LOCK) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	cd backend && $(PY) -m uv pip compile $(LOCK) --group pyproject.toml:node -o requirements-node.lock
LOCK := --upgrade --universal --generate-hashes --no-strip-extras --no-header --quiet

clean: ## Remove what was built, but not var/ (data) nor .venv
	rm -rf frontend/dist frontend/node_modules .node backend/.mypy_cache backend/.ruff_cache backend/.pytest_cache
