# `make run` needs only Python 3.11+, venv and make; everything else is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
VIDEO ?= demo
# The folder of pipeline runs; another with: make run OUTPUT=elsewhere
OUTPUT ?= output
# How much `make soak` and `make fuzz` do: conversions in a row, seconds for each target.
CONVERSIONS ?= 100
SECONDS ?= 20

# A file's tests run in one process, in order; one process per core of a small machine. The files with
# slow tests come first (tests/conftest.py), not those with many.
WORKERS ?= 2
# What the unit tests need beside the program itself.
TOOLS := pytest hypothesis html5lib packaging setuptools mkdocs nbclient nbconvert ipykernel matplotlib
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

.PHONY: run test test-long quick check format lint types imports docs coverage oldest bench soak fuzz audit serve config clean

run: $(VENV)/.run
	@$(BIN)/python -m pipeline run "$(VIDEO)" --output "$(OUTPUT)"

test: $(VENV)/.test
	$(PYTEST) -m 'not long'

# The campaigns: faults, load, fuzzing and the Ray cluster. Those that time something run alone.
test-long: $(VENV)/.test
	$(PYTEST) -m 'long and not alone'
	$(BIN)/python -m pytest -m 'long and alone'

# While working: all but the tests that take long.
quick: $(VENV)/.dev format lint types imports
	$(PYTEST) -m 'not slow'

# How much of the code the fast tests run; less than the floor in pyproject.toml is an error.
coverage: $(VENV)/.dev
	$(PYTEST) -m 'not slow' --cov --cov-report=term:skip-covered

# The unit tests with the oldest versions that pyproject.toml allows (uv installs them).
oldest: $(VENV)/.dev
	$(PIP) uv
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(VENV)/oldest
	VIRTUAL_ENV=$(VENV)/oldest $(BIN)/uv pip install --quiet --resolution lowest-direct '.[server]'
	VIRTUAL_ENV=$(VENV)/oldest $(BIN)/uv pip install --quiet $(TOOLS)
	$(VENV)/oldest/bin/python -m pytest -m 'not slow' --ignore=tests/test_dependencies.py

check: $(VENV)/.dev format lint types imports test

format: $(VENV)/.dev
	$(BIN)/ruff format --check .

lint: $(VENV)/.dev
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports

# The documentation as a site in build/site; strict: a broken link is an error.
docs: $(VENV)/.dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

bench: $(VENV)/.bench
	@for file in tests/benchmarks/bench_*.py; do \
	  name=$$(basename $$file .py); echo "== $$name"; \
	  $(BIN)/python -m tests.benchmarks.$$name || exit 1; \
	done

# Hours of it: the long forms of the tests of faults, then many conversions in a row.
soak: $(VENV)/.test
	FAULTS=long $(BIN)/python -m pytest tests/faults tests/hostile tests/fuzz
	$(BIN)/python -m tests.load.soak --conversions $(CONVERSIONS)

fuzz: $(VENV)/.fuzz
	$(BIN)/python -m tests.fuzz.fuzz all --seconds $(SECONDS)

# Asks the public database of vulnerabilities: needs the network.
audit: $(VENV)/.dev
	$(PIP) pip-audit
	$(BIN)/pip-audit --local --skip-editable --progress-spinner off

serve: $(VENV)/.serve
	$(BIN)/python -m pipeline serve --output "$(OUTPUT)"

config: $(VENV)/.run
	$(BIN)/python -m pipeline config --config /dev/null > config.yaml.new
	mv config.yaml.new config.yaml

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "error: $(PYTHON) is older than 3.11; call make PYTHON=python3.11 (or newer)"; exit 1; }
	@echo "making $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml | $(BIN)/python
	@echo "installing the pipeline into $(VENV) (once; about 325 MB)"
	@$(PIP) -e .
	@touch $@

$(VENV)/.serve: pyproject.toml $(VENV)/.run
	@echo "installing the server into $(VENV) (once; 1 MB)"
	@$(PIP) -e '.[server]'
	@touch $@

# torch first, by its pin: later steps then find it and do not choose a larger build.
$(VENV)/.torch: constraints.txt | $(BIN)/python
	@echo "installing torch into $(VENV), for openai-whisper (once)"
	@$(PIP) torch
	@touch $@

$(VENV)/.test: pyproject.toml $(VENV)/.torch
	@echo "installing what the tests need into $(VENV) (once)"
	@$(PIP) -e '.[test]'
	@touch $@

$(VENV)/.dev: pyproject.toml $(VENV)/.torch
	@echo "installing what development needs into $(VENV) (once)"
	@$(PIP) -e '.[dev]'
	@touch $@

$(VENV)/.fuzz: pyproject.toml $(VENV)/.torch
	@$(PIP) -e '.[fuzz]'
	@touch $@

$(VENV)/.bench: pyproject.toml $(VENV)/.torch
	@$(PIP) -e '.[bench]'
	@touch $@
