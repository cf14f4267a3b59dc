# Two commands for a newcomer: `make demo` and `make test`. Both do all the set-up.
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= auto

.PHONY: demo test check bench strings lock clean coverage

demo: $(READY)
	$(BIN)/kiosk rehearse --out build/demo

test: $(READY)
	rm -f .coverage .coverage.*
	$(BIN)/python -m pytest -n $(WORKERS) --cov --cov-report= $(PYTEST)
	$(BIN)/python packaging/coverage_floors.py

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python packaging/strings.py

bench: $(READY)
	$(BIN)/python -m tests.bench $(BENCH)

# Rewrite the catalogues' list of sentences from the code.
strings: $(READY)
	$(BIN)/python packaging/strings.py --update

# Choose newer versions: rewrites requirements.lock from pyproject.toml (needs uv).
lock:
	uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements.lock

$(READY): requirements.lock pyproject.toml packaging/bootstrap.sh $(wildcard resources/locale/*/LC_MESSAGES/kiosk.po)
	KIOSK_WITH_TESTS=1 packaging/bootstrap.sh $(VENV)

clean:
	rm -rf $(VENV) build
