# Two commands carry everything: `make run` and `make test`. Each sets up what it needs.

PORT ?= 8000
PY := .venv/bin/python
DATA ?= data
MAPS ?= ../shared/data

.PHONY: setup run test check bench bench-planner pictures messages

setup: .venv/ready .venv/compiled

.venv/ready: pyproject.toml uv.lock package.json package-lock.json tools/vendor.py
	test -x $(PY) || python3 -m venv .venv
	test -x .venv/bin/uv || .venv/bin/pip install --quiet --disable-pip-version-check uv
	.venv/bin/uv sync --frozen --quiet --compile-bytecode
	PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/npm ci --silent --ignore-scripts --no-audit --no-fund
	$(PY) tools/vendor.py
	touch $@

# The planner's search is compiled once for this machine; our modules are, too, so that commands start at once.
# What was compiled before goes first: it is kept by the file of a function, and outlives a change of what that calls.
.venv/compiled: .venv/ready $(wildcard src/linli/planner/kernel/*.py)
	$(PY) -m compileall -q src/linli
	find src/linli/planner -name "*.nb[ic]" -delete
	$(PY) -m linli.planner.warm
	touch $@

messages: setup
	$(PY) tools/messages.py compile

run: setup messages
	LINLI_DATA_DIR=$(DATA) .venv/bin/linli demo --keep
	LINLI_DATA_DIR=$(DATA) .venv/bin/linli serve --port $(PORT)

check: setup messages
	$(PY) tools/check.py

test: setup messages
	$(PY) tools/test.py

bench: setup messages
	$(PY) -m bench
	$(PY) -m bench.imports

bench-planner: setup
	UV_PROJECT_ENVIRONMENT=.venv-peers .venv/bin/uv sync --frozen --quiet --no-dev --group peers
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 NUMBA_NUM_THREADS=1 .venv-peers/bin/python -m bench.planner --data $(MAPS)

pictures: setup messages
	$(PY) tools/pictures.py
