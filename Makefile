# Two commands on a fresh machine with Python >= 3.11, pip and make:
#   make demo   install into .venv and run the main job on the shipped house
#   make test   the same environment with the test tools; every test, linter and type check

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
JOBS ?= auto

.PHONY: demo test lint types bench clean

demo: $(VENV)/.demo-ready
	$(BIN)/building-passport assess examples/models/flemish-house.ifc --out demo-output --building-type detached
	@echo "Open demo-output/report.html in a browser."

test: $(VENV)/.test-ready lint types
	$(BIN)/python -m pytest -n $(JOBS)

lint: $(VENV)/.test-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.test-ready
	$(BIN)/mypy

bench: $(VENV)/.test-ready
	$(BIN)/python benchmarks/run.py

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed; install one, or name it: make demo PYTHON=/path/to/python"; exit 1; }
	@# Debian's python3 comes without ensurepip; virtualenv then does the same from a folder of its own.
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV) && \
		$(PYTHON) -m pip install --quiet --target $(VENV)-tool virtualenv && \
		PYTHONPATH=$(VENV)-tool $(PYTHON) -m virtualenv --quiet $(VENV) && rm -rf $(VENV)-tool; }

$(VENV)/.demo-ready: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.test-ready: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install --quiet --constraint constraints.txt --editable ".[test]"
	@touch $@ $(VENV)/.demo-ready

clean:
	rm -rf $(VENV) $(VENV)-tool demo-output dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
