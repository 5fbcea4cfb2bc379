# `make run` and `make test` need nothing but Python 3.11 or newer; they set up .venv themselves.

PYTHON ?= $(shell command -v python3.11 || command -v python3 || command -v python)
BIN := .venv/bin
LOG ?= examples/logs/trading-day.log
NATIVE := native/Cargo.toml native/Cargo.lock $(wildcard native/src/*.rs)

# The native scanner is optional: without it everything works, more slowly. The reason is said once, when installing.
# editable_mode=compat puts this folder on the path of Python, where type checkers find the packages too.
install = rm -f .venv/without-cargo; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		-e '.[$(1)]' --config-settings editable_mode=compat && \
	{ $(BIN)/python tools/check_native.py || command -v cargo >/dev/null || touch .venv/without-cargo; }

.PHONY: run test fuzz crash simulate nightly lint format bench standard-types screenshots clean

run: .venv/app-ready
	@$(BIN)/purefix "$(LOG)"

# Two workers a processor: sessions and screens wait more than they compute. The last tests are shared out anew.
test: .venv/dev-ready
	$(BIN)/pytest --dist worksteal -n $$($(BIN)/python -c 'import os; print(2 * (os.cpu_count() or 1))')

# Property tests with 20,000 examples each: about a quarter of an hour.
fuzz: .venv/dev-ready
	$(BIN)/pytest -n auto --hypothesis-profile=long \
		tests/logs/test_scan_properties.py tests/logs/test_scan_twins.py tests/logs/test_parts.py \
		tests/dictionary/test_decode_properties.py tests/filter/test_filter_select.py \
		tests/store/test_store_model.py tests/store/test_store_damage.py

# A thousand processes killed while they write a message store: about ten minutes.
crash: .venv/dev-ready
	PUREFIX_KILLS=1000 $(BIN)/pytest tests/store/test_store_crash.py

# Ten thousand runs of two sessions over a link that loses, doubles, delays and breaks: about ten minutes.
simulate: .venv/dev-ready
	PUREFIX_SIMULATIONS=10000 $(BIN)/pytest -n auto tests/session/test_session_simulation.py

# What is worth an hour of a machine every night.
nightly: fuzz crash simulate

lint: .venv/dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	@if command -v cargo >/dev/null; then \
		cd native && cargo clippy --release --locked -- -D warnings && \
		if cargo fmt --version >/dev/null 2>&1; then cargo fmt --check; else echo "no rustfmt: not checked"; fi; \
	else echo "no cargo: native/ was not checked"; fi

format: .venv/dev-ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	cd native && cargo fmt

bench: .venv/bench-ready
	@for script in benchmarks/bench_*.py; do echo "== $$script"; $(BIN)/python "$$script" || exit 1; done

# The distribution of ready-made typed messages for FIX 4.4 and FIX 5.0 SP2, into dist/.
standard-types: .venv/dev-ready
	$(BIN)/python tools/build_standard_types.py dist

screenshots: .venv/dev-ready
	$(BIN)/python tools/make_screenshots.py

clean:
	rm -rf .venv build dist *.egg-info native/target purefix_core/*.so

.venv/python:
	@test -n "$(PYTHON)" || { echo "PureFix needs Python 3.11 or newer; none was found." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "PureFix needs Python 3.11 or newer; $(PYTHON) is older. Name another: make PYTHON=..." >&2; exit 1; }
	"$(PYTHON)" -m venv .venv
	@touch $@

# What could not be built for want of cargo is built as soon as there is one.
ifneq ($(and $(wildcard .venv/without-cargo),$(shell command -v cargo)),)
.PHONY: .venv/app-ready .venv/dev-ready
endif

.venv/app-ready: .venv/python pyproject.toml $(NATIVE)
	@echo "Installing PureFix into .venv ..."
	@$(call install,app)
	@touch $@

.venv/dev-ready: .venv/python pyproject.toml $(NATIVE)
	@echo "Installing PureFix and its development tools into .venv ..."
	@$(call install,dev)
	@touch $@ .venv/app-ready

.venv/bench-ready: .venv/dev-ready
	@echo "Installing the peers that benchmarks measure against ..."
	@$(call install,bench)
	@touch $@
