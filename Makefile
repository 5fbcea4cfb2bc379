# `make run` and `make test` need nothing but Python 3.11 or newer; they set up .venv themselves.

PYTHON ?= $(shell command -v python3.11 || command -v python3 || command -v python)
BIN := .venv/bin
LOG ?= examples/logs/trading-day.log

.PHONY: run test fuzz lint format bench screenshots clean

run: .venv/app-ready
	@$(BIN)/purefix "$(LOG)"

test: .venv/dev-ready
	$(BIN)/pytest -n auto

# Property tests with 20,000 examples each: about a quarter of an hour.
fuzz: .venv/dev-ready
	$(BIN)/pytest -n auto --hypothesis-profile=long \
		tests/logs/test_scan_properties.py tests/dictionary/test_decode_properties.py tests/filter/test_filter_select.py

lint: .venv/dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: .venv/dev-ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev-ready
	@for script in benchmarks/bench_*.py; do echo "== $$script"; $(BIN)/python "$$script" || exit 1; done

screenshots: .venv/dev-ready
	$(BIN)/python tools/make_screenshots.py

clean:
	rm -rf .venv build *.egg-info

.venv/python:
	@test -n "$(PYTHON)" || { echo "PureFix needs Python 3.11 or newer; none was found." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "PureFix needs Python 3.11 or newer; $(PYTHON) is older. Name another: make PYTHON=..." >&2; exit 1; }
	"$(PYTHON)" -m venv .venv
	@touch $@

.venv/app-ready: .venv/python pyproject.toml
	@echo "Installing PureFix into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[app]'
	@touch $@

.venv/dev-ready: .venv/python pyproject.toml
	@echo "Installing PureFix and its development tools into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ .venv/app-ready
