# Convenio: two commands matter, `make demo` and `make test`; each does its own set-up.
PYTHON ?= python3
BIN := .venv/bin
PYTEST_WORKERS ?= 2
.DEFAULT_GOAL := help
.PHONY: help demo test setup setup-run lint fix translations check bench faults explore assets clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: setup-run ## the story of two nodes, then both stay up until Ctrl-C
	@$(BIN)/convenio demo

test: setup lint check ## set up, check the style, run every test

setup: ## the environment in .venv with what the tests need
	@$(PYTHON) tools/bootstrap.py test
	@$(BIN)/python hatch_build.py --if-possible

setup-run:
	@test -f .venv/.test-stamp && $(BIN)/python -c "" 2>/dev/null || $(PYTHON) tools/bootstrap.py run
	@$(BIN)/python hatch_build.py --if-possible

lint: setup ## ruff, mypy, import-linter, translations
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/translations.py check

check: setup ## every test, without the style checks
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist loadfile -q

fix: setup ## let ruff mend what it can
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

translations: setup ## print the texts that lack Spanish
	@$(BIN)/python tools/translations.py missing

bench: setup ## every claim beside its peer; writes docs/en/performance.md and docs/es/rendimiento.md
	$(BIN)/python -m bench

explore: setup ## property tests and fuzzing with new examples, and more of them
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist loadfile -q --hypothesis-profile=explore \
	  $$(grep -rlE "hypothesis|schemathesis" tests --include="test_*.py")

assets: setup ## bundle the page modules (needs npm, or fetches Node from a wheel)
	$(BIN)/python hatch_build.py

faults: setup ## storms over the border for MINUTES (10), until one finds a fault
	$(BIN)/python -m tests.faults --minutes $(or $(MINUTES),10)

clean: ## remove what was built, not what you keep
	rm -rf .venv .uv dist .mypy_cache .ruff_cache .pytest_cache .hypothesis src/convenio/web/assets
	find src -name '*.mo' -delete
