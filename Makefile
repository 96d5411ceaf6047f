# make run    simulate the brand launch into results/brand_launch
# make lab    open the lab in a browser
# make quick  run the tests of parts, but for slow ones: what to run while one works
# make test   run the tests, but for what is run apart (.ci/run)
# make lint   check style and format

# The first Python that is new enough and can make virtual environments.
SUITABLE = import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c '$(SUITABLE)' 2>/dev/null && echo $$python && break; done)

# Without compiling all of it: Python compiles what it imports.
PIP_INSTALL = .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile \
	--constraint constraints.txt --editable

# Processes would compile the libraries that they import anew each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run lab quick test lint clean
.DELETE_ON_ERROR:

run: .venv/installed
	.venv/bin/comsim run scenarios/brand_launch.toml --out results/brand_launch --force

lab: .venv/installed-lab
	.venv/bin/comsim lab

# Without what takes long, or compiles functions of its own.
QUICK = tests/architecture tests/unit tests/properties tests/reference tests/golden \
	--ignore tests/unit/test_compile.py

quick: .venv/installed-test
	.venv/bin/python -m pytest -n 2 --dist worksteal -m 'not long and not large' $(QUICK)

test: .venv/installed-test
	.venv/bin/python -m pytest -n 2 --dist worksteal

lint: .venv/installed-test
	.venv/bin/ruff check
	.venv/bin/ruff format --check

clean:
	rm -rf .venv results .pytest_cache .ruff_cache .hypothesis

# The stamps keep pip from being called again until the requirements change. The package is
# installed editable: a changed source needs no new installation.
.venv/made: pyproject.toml constraints.txt
	@'$(PYTHON)' -c '$(SUITABLE)' 2>/dev/null || { echo "comsim needs Python 3.11 or newer with\
	 venv (Debian, Ubuntu: apt install python3-venv), or name one: make PYTHON=..." >&2; exit 1; }
	'$(PYTHON)' -m venv --clear .venv
	@touch $@

.venv/installed: .venv/made
	$(PIP_INSTALL) .
	@touch $@

.venv/installed-lab: .venv/made
	$(PIP_INSTALL) '.[lab]'
	@touch $@ .venv/installed

.venv/installed-test: .venv/made
	$(PIP_INSTALL) '.[test]'
	@touch $@ .venv/installed
