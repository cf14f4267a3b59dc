# Two commands for a newcomer: `make demo` and `make test`. Both do all the set-up.
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_TESTS := $(VENV)/.ready-tests
WORKERS ?= auto

.PHONY: demo test check bench gallery strings lock supply mutants clean

# The trainer's station in a window; without a display, a whole day without one.
demo: $(READY)
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(BIN)/kiosk demo --data build/training; \
	else echo "There is no display: a whole day runs without a window."; $(BIN)/kiosk rehearse --out build/demo; fi

test: $(READY_TESTS)
	rm -f .coverage .coverage.*
	$(BIN)/python -m pytest -n $(WORKERS) --cov --cov-report= $(PYTEST)
	$(BIN)/python packaging/coverage_floors.py

check: $(READY_TESTS)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python packaging/strings.py

bench: $(READY_TESTS)
	$(BIN)/python -m tests.bench $(BENCH)

# Every screen as a picture, with what is wrong with it; two of them open the README.
gallery: $(READY_TESTS)
	rm -rf build/gallery
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.screens.gallery
	mkdir -p docs/pictures
	cp build/gallery/desk-give.ru.1280x800.png docs/pictures/desk.png
	cp build/gallery/voter-ballot.ky.1280x800.png docs/pictures/voter.png

# Rewrite the catalogues' list of sentences from the code.
strings: $(READY)
	$(BIN)/python packaging/strings.py --update

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

# Choose newer versions: rewrites the four locks from pyproject.toml (needs uv).
lock:
	$(COMPILE) --extra dev --extra ui --extra centre pyproject.toml -o requirements.lock
	grep -E '^[a-z].*==' requirements.lock | sed 's/ \\$$//' > build/chosen.txt
	$(COMPILE) --extra ui -c build/chosen.txt --no-emit-package pip pyproject.toml -o requirements-station.lock
	echo tpm2-pytss | $(COMPILE) -c build/chosen.txt - -o packaging/tpm.lock
	printf 'cyclonedx-bom\npip-audit\npip-licenses\n' | $(COMPILE) - -o packaging/supply.lock

# What a station runs on and where it comes from: bill of materials, licences, known advisories, in build/supply.
supply: $(READY_TESTS)
	packaging/supply.sh build/supply

# Bend one line of a rule at a time: do the tests mind? (MUTANTS="phases --all")
mutants: $(READY_TESTS)
	$(BIN)/python -m tests.mutants $(MUTANTS)

INPUTS := requirements.lock packaging/tpm.lock pyproject.toml packaging/bootstrap.sh $(wildcard resources/locale/*/LC_MESSAGES/kiosk.po)

$(READY): $(INPUTS)
	packaging/bootstrap.sh $(VENV)
	touch $@

$(READY_TESTS): $(INPUTS)
	packaging/bootstrap.sh $(VENV) tests
	touch $@ $(READY)

clean:
	rm -rf $(VENV) build
