# Needs Python 3.11 or newer, pip and make; everything else is installed into .venv.
#
#   make run      the demonstration on http://127.0.0.1:8000
#                 PORT, DATABASE_URL and VAR_DIR are honoured: make run PORT=8001 VAR_DIR=/tmp/second
#   make test     all checks and the whole suite; see scripts/test.py for DATABASES and REQUIRE_ALL
#   make bench    how fast the pages are against a floor; docs/performance.md. DATABASES is honoured:
#                 make bench DATABASES=sqlite
#                 make bench PART=staff       the staff's pages with a million organizations
#   make faults   races, kills, the closing second and hostile input at full size; docs/faults.md.
#                 DATABASES is honoured: make faults DATABASES=sqlite PART=two_officials

# The first Python on the path that is new enough; make run PYTHON=… chooses another one.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; \
	done)
VENV := .venv/bin

.PHONY: run test bench faults format lock python environment development
.DEFAULT_GOAL := run

run: environment
	@exec $(VENV)/python scripts/run.py

test: development
	@exec $(VENV)/python scripts/test.py

bench: development
	@PYTHONPATH=scripts $(VENV)/python -m bench $(if $(PART),--part $(PART))

faults: development
	@exec $(VENV)/python scripts/faults.py $(PART)

# What the checks of `make test` would ask for, where a program can do it.
format: development
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

# After a change of the dependencies in pyproject.toml. uv comes from PyPI into a folder of its own
# and is asked for that index only, so that the locks fit every machine.
# LOCK=--upgrade renews everything: make lock LOCK=--upgrade
LOCK ?=
COMPILE = .venv/uv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-config --quiet $(LOCK)
lock: python
	$(PYTHON) -m pip install --quiet --upgrade --target .venv/uv uv
	$(COMPILE) --output-file requirements.txt
	$(COMPILE) --group dev --constraints requirements.txt --output-file requirements-dev.txt

environment: python
	@$(PYTHON) scripts/environment.py requirements.txt

development: python
	@$(PYTHON) scripts/environment.py requirements-dev.txt

python:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed." >&2; exit 1; fi
