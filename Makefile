# `make serve` and `make test` set up whatever is missing and skip what is done.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
INDEX := var/index

.PHONY: serve test lint eval clean
.DELETE_ON_ERROR:

serve: $(INDEX)/CURRENT
	@$(BIN)/musnad serve --index-dir $(INDEX) --host $(HOST) --port $(PORT)

test: $(VENV)/.dev browser
	$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/mypy

$(INDEX)/CURRENT: | $(VENV)/.run
	@echo "index: building the index of articles/"
	@$(BIN)/python build_index.py articles --index-dir $(INDEX)

# torch first and pinned: otherwise another package may pull a build with several gigabytes of GPU libraries.
$(VENV)/.run: pyproject.toml constraints.txt
	@echo "setup: creating $(VENV) and installing dependencies (a few minutes the first time)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-warn-script-location --upgrade pip
	@$(BIN)/python -m pip install --progress-bar off --disable-pip-version-check --quiet "torch==2.13.0"
	@$(BIN)/python -m pip install --progress-bar off --disable-pip-version-check --quiet -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo "setup: installing test dependencies"
	@$(BIN)/python -m pip install --progress-bar off --disable-pip-version-check --quiet -c constraints.txt -e '.[dev]'
	@touch $@

.PHONY: browser
browser:
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "setup: installing chromium for the browser tests"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	  else \
	    echo "The browser tests need Chromium; install the package chromium (Debian, Ubuntu: apt install chromium)." >&2; \
	    exit 1; \
	  fi; }

clean:
	rm -rf $(VENV) var build *.egg-info
