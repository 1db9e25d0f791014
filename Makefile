# Two commands set up everything on a machine that has python3 and make: `make demo` and `make test`.
PYTHON ?= python3
DIR ?= anchorset-demo
DATA ?= $(ANCHORSET_DATA)
BIN := .venv/bin

.PHONY: demo test slow check fix bench docs wheel clean

.venv/installed: pyproject.toml constraints.txt tools/venv.sh
	sh tools/venv.sh $(PYTHON) .venv
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	touch $@

.venv/developed: .venv/installed
	$(BIN)/pip install --quiet --constraint constraints.txt --group dev
	sh tools/chromium.sh
	touch $@

demo: .venv/installed  ## the whole loop on the bundled example; MODEL=provider:model (JUDGE=… BASE_URL=… YES=1): with one
	$(BIN)/anchorset demo $(DIR) $(if $(MODEL),--model "$(MODEL)") $(if $(JUDGE),--judge "$(JUDGE)") \
	  $(if $(BASE_URL),--base-url "$(BASE_URL)") $(if $(YES),--yes)

test: check  ## everything that has to hold, in under ten minutes
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadfile --no-loadscope-reorder

slow: .venv/developed  ## what takes longer: simulations on the full grid
	$(BIN)/python -m pytest -m slow -n 2

check: .venv/developed  ## style, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	sh tools/lengths.sh

fix: .venv/developed  ## what a machine can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/developed  ## timings, as ratios in one run; DATA=folder with real data
	$(BIN)/python -m bench $(DATA)

docs: .venv/developed  ## the pages that are made from the code
	$(BIN)/python tools/docs.py

wheel: .venv/developed
	$(BIN)/python -m build --wheel

clean:
	rm -rf .venv dist .bench .mypy_cache .ruff_cache .hypothesis
