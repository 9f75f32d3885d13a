# Everything a machine with Python >= 3.11 and make needs: each target sets itself up in .venv.
PYTHON ?= python3
PORT ?= 8080
DATA ?= data
BIN := .venv/bin

.PHONY: install demo test crash check audit bench messages lock clean

install: .venv/installed

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Wayside needs Python 3.11 or newer; say make PYTHON=python3.12, for example.")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/installed-dev: requirements-dev.lock .venv/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: install
	@exec $(BIN)/wayside demo --port $(PORT) --data $(DATA)

test: check
	@$(BIN)/python -m pytest

# Crash tests with more people and more kills: minutes.
crash: .venv/installed-dev
	@$(BIN)/python -m pytest --long tests/crash tests/clock/test_kill.py tests/delivery/test_kills.py tests/delivery/test_broadcast_kills.py

check: .venv/installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/bandit --quiet --recursive -ll bot
	@$(BIN)/wayside check

# What is known against the exact versions we use; asks the network, and says so where that does not answer.
audit: .venv/installed-dev
	@$(BIN)/python -m tools.audit

bench: .venv/installed-dev
	@$(BIN)/python -m bench

# Collect new strings into the catalogs; English is its own translation.
messages: .venv/installed-dev
	@$(BIN)/python -m tools.messages

# Renew the exact versions after a change of pyproject.toml.
lock:
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-emit-index-url --generate-hashes pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-emit-index-url --generate-hashes --extra dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
