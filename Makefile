# Two commands matter to a newcomer: `make run` and `make test`. Both set up what they need.
.PHONY: help lock audit sbom setup run test test-long fuzz mutants browser screenshots check format lint-openapi dynalite bench deploy rollback restore callers destroy rehearse package clean
.DEFAULT_GOAL := help

# The first of these that really starts (a pyenv shim of an absent version does not) and is 3.11 to 3.13.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
  $$p -c 'import sys; sys.exit(not (3,11) <= sys.version_info[:2] <= (3,13))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
AUDIT := .venv-audit/bin
PORT ?= 8000
STAGE ?= dev
# small: make run begins with a few merchants; months: with six months of an invented city before them.
DEMO ?= months

help:
	@echo "make run        the whole exchange on this machine, on 127.0.0.1:$(PORT)   (PORT=, DATA=dir, DEMO=small|months)"
	@echo "make test       the tests, but for those that take long"
	@echo "make test-long  those: workers killed after each write of every flow"
	@echo "make fuzz       requests and files that a program makes up, other ones each time   (FUZZ=25 of each kind)"
	@echo "make mutants    faults put into the files that decide, and how many the tests notice   (MUTANTS=200 SEED=1 ONLY=path)"
	@echo "make browser    Debian's chromium and a font, for the tests of pages (asks for root)"
	@echo "make screenshots  a picture of every screen of the console, in build/screens   (needs make browser)"
	@echo "make check      the developer's gate: format, lint, types, house rules"
	@echo "make lint-openapi  redocly, spectral and generated clients on the description of the API (needs Node)"
	@echo "make dynalite   the adapters and the journey of five platforms against dynalite in place of moto's DynamoDB (needs Node)"
	@echo "make bench      what a lookup and a row cost"
	@echo "make rehearse   deploy for real against a moto server and drive the deployed handlers"
	@echo "make lock       the locks anew, after a change of requirements   (make audit  against advisories, make sbom  CycloneDX)"
	@echo "make package    the zip that Lambda gets, with its wheels"
	@echo "make deploy     STAGE=dev|prod, to AWS   (ALARM_EMAIL=who hears of alarms  WEB_ACL=on|off  EXCHANGE_UNITS=number  COMMIT=an older one)"
	@echo "make rollback   STAGE=dev|prod, the release before the newest is live again"
	@echo "make restore    STAGE=dev|prod TO=<moment>, what putting it back would lose; with CONFIRM=<stage> it is done"
	@echo "make callers    STAGE=dev|prod, lets the AWS accounts of participants call (gateway_auth: iam)"
	@echo "make destroy    STAGE=dev CONFIRM=dev, takes the stage down with its data"

setup: .venv/.ready

.venv/.ready: requirements-dev.lock
	@test -n "$(PYTHON)" || { echo "Lianfang needs Python 3.11, 3.12 or 3.13 on the PATH (or make PYTHON=/path/to/python)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
	  -r requirements-dev.lock
	@touch $@

run: setup
	@exec env PORT="$(PORT)" DATA="$(DATA)" DEMO="$(DEMO)" $(BIN)/python -m local

test: setup
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not long"

test-long: setup
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m long

FUZZ ?= 25
fuzz: setup
	HYPOTHESIS_PROFILE=default FUZZ=$(FUZZ) $(BIN)/python -m pytest -n 2 --dist loadgroup tests/fuzz

MUTANTS ?= 200
SEED ?= 1
mutants: setup
	nice -n 19 $(BIN)/python -m tests.mutation.run --most $(MUTANTS) --seed $(SEED) --only "$(ONLY)"

browser:
	bash tests/browser/setup.sh

screenshots: setup
	$(BIN)/python -m tests.browser.screenshots

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/lint-imports --no-cache --config .importlinter-runtime
	$(BIN)/python -m pytest tests/test_house.py

lint-openapi: setup
	LINT_OPENAPI=1 $(BIN)/python -m pytest tests/handlers/openapi/test_tools.py

dynalite: setup
	DYNALITE=1 $(BIN)/python -m pytest -n 2 --dist loadgroup tests/dynalite tests/storage tests/registry \
	  tests/stream tests/lookups/test_look_up.py tests/lookups/test_kept_lookups.py tests/local/test_item_limit.py \
	  tests/local/test_store_rules.py tests/journeys/test_five_platforms.py

bench: setup
	$(BIN)/python -m benchmarks.lookup 1000 10000
	$(BIN)/python -m benchmarks.ingest 1000 10000

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

package: setup
	$(BIN)/python -m infra.packaging

rehearse: setup
	$(BIN)/python -m infra.rehearse cn-north-1 iam
	$(BIN)/python -m infra.rehearse us-east-1

deploy: setup
	$(BIN)/python -m infra.deploy --stage $(STAGE) $(if $(ALARM_EMAIL),--alarm-email $(ALARM_EMAIL)) \
	  $(if $(WEB_ACL),--web-acl $(WEB_ACL)) $(if $(EXCHANGE_UNITS),--exchange-units $(EXCHANGE_UNITS)) $(if $(COMMIT),--commit $(COMMIT))

rollback: setup
	$(BIN)/python -m infra.deploy --stage $(STAGE) --back

restore: setup
	$(BIN)/python -m infra.restore --stage $(STAGE) --to $(TO) \
	  $(if $(CONFIRM),--confirm $(CONFIRM)) $(if $(COMMIT),--commit $(COMMIT))

callers: setup
	$(BIN)/python -m infra.deploy --stage $(STAGE) --callers

destroy: setup
	$(BIN)/python -m infra.destroy --stage $(STAGE) --confirm "$(CONFIRM)"

# The locks name every package with the hashes of its files: run it after a change of requirements*.txt or constraints.txt.
lock: .venv-audit/.ready
	$(AUDIT)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  -c constraints.txt -o requirements.lock requirements.txt
	$(AUDIT)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  -c constraints.txt -o requirements-dev.lock requirements-dev.txt

# Strict: a package of which the advisory service says nothing is a failure, so that no answer is no clean bill.
audit: .venv-audit/.ready
	$(AUDIT)/pip-audit --strict --disable-pip --require-hashes --progress-spinner off -r requirements.lock

sbom: .venv-audit/.ready
	@mkdir -p build
	$(AUDIT)/cyclonedx-py requirements requirements.lock --output-reproducible --of JSON -o build/sbom.cdx.json

.venv-audit/.ready: requirements-audit.txt
	$(PYTHON) -m venv .venv-audit
	$(AUDIT)/python -m pip install --quiet --disable-pip-version-check -r requirements-audit.txt
	@touch $@

clean:
	rm -rf .venv .venv-audit build
