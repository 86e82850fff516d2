# Layar 112. `make demo` and `make test` do all their own set-up on a fresh Debian 12 with Python 3.11.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
# every server a test starts would compile all of our modules anew
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test lint serve bench clean system

demo: $(VENV)/.installed  ## a simulated city on http://127.0.0.1:8112/wall
	$(BIN)/layar demo $(ARGS)

serve: $(VENV)/.installed  ## the real thing, settings in layar-data/layar.toml
	$(BIN)/layar serve $(ARGS)

test: $(VENV)/.installed-test system lint  ## lint, types, import contracts, every test
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(VENV)/.installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.installed-test  ## every benchmark; prints the tables of the README
	./.ci/system-packages motion
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python -m tests.bench $(ARGS)

system:  ## Debian packages the tests need: a browser and a real RTSP server
	./.ci/system-packages

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.installed-test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $(VENV)/.installed $@

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
