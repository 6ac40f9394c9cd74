# `make serve` and `make test` set up whatever is missing and skip what is done.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(VENV)/bin/python -m pip install --quiet --quiet --disable-pip-version-check
HOST ?= 127.0.0.1
PORT ?= 8000
INDEX := var/index

PEERS ?=
SQUAD ?=

# A test file, or pytest's address of one test; empty: all.
FILE ?=
WORKERS ?= $(if $(FILE),0,auto)
PYTEST := $(BIN)/python -m pytest -n $(WORKERS)

.PHONY: serve test quick lint eval bench tools clean
.DELETE_ON_ERROR:

serve: $(INDEX)/CURRENT var/.embedder
	@$(BIN)/musnad serve --index-dir $(INDEX) --host $(HOST) --port $(PORT)

# The models are set up first: otherwise the first tests that need them would wait for it.
test: $(VENV)/.dev tools
	@$(BIN)/python -m index.model.load_reader
	$(PYTEST) --dist loadgroup --no-loadscope-reorder $(FILE)

# What needs no model, index, browser or other process, with a few examples of each property.
quick: $(VENV)/.dev
	$(PYTEST) --dist worksteal -q --hypothesis-profile=quick -m "not (model or index or browser or strace or process or slow)" $(FILE)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/mypy

eval: $(VENV)/.run
	@$(BIN)/musnad eval questions articles/questions.jsonl articles --floors tests/floors.toml
	@$(BIN)/musnad eval questions articles/follow_ups.jsonl articles --floors tests/floors_follow_ups.toml

bench: $(VENV)/.bench
	@$(if $(PEERS),$(BIN)/python -m benchmarks.peers.setup $(PEERS))
	@$(BIN)/python -m benchmarks.bench --out var/bench $(if $(SQUAD),--squad $(SQUAD)) --peers $(PEERS)

$(INDEX)/CURRENT: | $(VENV)/.run
	@echo "setup 4 of 4: the model and the index of articles/"
	@$(BIN)/python build_index.py articles --index-dir $(INDEX)
	@touch var/.embedder
	@$(BIN)/python -m index.model.load_reader

# After a new version of the embedder, the same articles are embedded again.
var/.embedder: index/model/trained/embedder.safetensors | $(INDEX)/CURRENT
	@test $@ -nt $< || $(BIN)/python build_index.py --update --index-dir $(INDEX)
	@touch $@

# torch first and pinned: otherwise another package may pull a build with several gigabytes of GPU libraries.
$(VENV)/.run: pyproject.toml constraints.txt
	@echo "setup 1 of 4: a virtual environment in $(VENV)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --upgrade pip
	@echo "setup 2 of 4: torch (the largest download; a minute or more)"
	@$(PIP) "torch==2.13.0"
	@echo "setup 3 of 4: the other dependencies (a minute or more)"
	@$(PIP) -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo "setup: test dependencies"
	@$(PIP) -c constraints.txt -e '.[dev]'
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	@echo "setup: what the benchmarks need"
	@$(PIP) -c constraints.txt -e '.[bench]'
	@touch $@

# What the tests need that is no Python package: a browser, and what puts faults into a build. With FILE, only those
# that its tests are marked for; pytest ends with 5 when there is none.
tools: $(VENV)/.dev
	@for need in browser:chromium strace:strace; do tool=$${need#*:}; command -v $$tool >/dev/null || { \
	  if [ -n "$(FILE)" ]; then \
	    $(BIN)/python -m pytest -qq --collect-only -m $${need%:*} $(FILE) >/dev/null; [ $$? = 5 ] && continue; fi; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "setup: installing $$tool for the tests"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$tool >/dev/null || exit 1; \
	  else \
	    echo "The tests need $$tool; install the package $$tool (Debian, Ubuntu: apt install $$tool)." >&2; \
	    exit 1; \
	  fi; }; done

clean:
	rm -rf $(VENV) .venv-bench var build *.egg-info
