# `make serve` and `make test` set up whatever is missing and skip what is done.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(VENV)/bin/python -m supply.install
HOST ?= 127.0.0.1
PORT ?= 8000
INDEX := var/index

PEERS ?=
SQUAD ?=

# A test file, or pytest's address of one test; empty: all.
FILE ?=
WORKERS ?= $(if $(FILE),0,auto)
PYTEST := $(BIN)/python -m pytest -n $(WORKERS)

# Many containers forbid it. Then every process of a run would compile each test, and pytest its assertions, anew.
test quick: export PYTHONDONTWRITEBYTECODE :=

.PHONY: serve test quick lint eval bench lock tools clean
.DELETE_ON_ERROR:

serve: $(INDEX)/CURRENT var/.embedder
	@$(BIN)/musnad serve --index-dir $(INDEX) --host $(HOST) --port $(PORT)

# The models are set up first: otherwise the first tests that need them would wait for it.
test: $(VENV)/.dev tools
	@$(BIN)/python -m index.model.load_reader
	$(PYTEST) --dist loadgroup --no-loadscope-reorder $(FILE)

# What needs no model, index, browser or other process, with a few examples of each property.
quick: $(VENV)/.dev
	$(PYTEST) --dist worksteal -q --hypothesis-profile=quick -m "not (model or index or browser or strace or process or npm or nginx or postgres or slow)" $(FILE)

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
	@echo "setup 3 of 3: the model and the index of articles/"
	@$(BIN)/python build_index.py articles --index-dir $(INDEX)
	@touch var/.embedder
	@$(BIN)/python -m index.model.load_reader

# After a new version of the embedder, the same articles are embedded again.
var/.embedder: index/model/trained/embedder.safetensors | $(INDEX)/CURRENT
	@test $@ -nt $< || $(BIN)/python build_index.py --update --index-dir $(INDEX)
	@touch $@

# Wheels alone, each with a hash that constraints.txt names.
$(VENV)/.run: pyproject.toml constraints.txt
	@echo "setup 1 of 3: a virtual environment in $(VENV)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setup 2 of 3: the dependencies (torch is the largest download; a few minutes)"
	@$(INSTALL)
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo "setup: test dependencies"
	@$(INSTALL) dev
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	@echo "setup: what the benchmarks need"
	@$(INSTALL) bench
	@touch $@

# LOCK="--upgrade" for the newest versions; python -m supply.lock --help says what else there is.
# uv alone is installed before: a new dependency has no hash yet.
lock:
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m supply.install --tool uv
	@$(BIN)/python -m supply.lock $(LOCK)

# The page of the licences, from what the installed packages say.
docs/licences.md: constraints.txt pyproject.toml | $(VENV)/.dev
	@$(BIN)/python -m supply.licences > $@

# What the tests need that is no Python package: a browser, and what puts faults into a build. With FILE, only those
# that its tests are marked for; pytest ends with 5 when there is none.
tools: $(VENV)/.dev
	@PATH="$$PATH:$$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)"; \
	for need in browser:chromium strace:strace nginx:nginx postgres:initdb=postgresql; do \
	  tool=$${need#*:}; package=$${tool#*=}; command -v $${tool%=*} >/dev/null || { \
	  if [ -n "$(FILE)" ]; then \
	    $(BIN)/python -m pytest -qq --collect-only -m $${need%:*} $(FILE) >/dev/null; [ $$? = 5 ] && continue; fi; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "setup: installing $$package for the tests"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$package >/dev/null || exit 1; \
	  else \
	    echo "The tests need $${tool%=*}; install the package $$package (Debian, Ubuntu: apt install $$package)." >&2; \
	    exit 1; \
	  fi; }; done

clean:
	rm -rf $(VENV) .venv-bench var build *.egg-info
