# Everything is done in .venv, which is made when it is missing. `make -C FOLDER` works from anywhere.
# The folder's own path is never used, so that it may hold spaces.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test dev lint format types migrations deployment browser proxy bench lock sample shell clean

ifeq ($(wildcard manage.py),)
$(error Run this in the project's folder, for example: make -C path/to/the/archive $(MAKECMDGOALS))
endif

PORT ?= 8000
export PORT
export PYTHON

VENV := .venv/bin/python
# A Python that was removed since leaves a link to nothing.
$(shell test -x $(VENV) || rm -f .venv/created)

# What the checks see: the settings of production, with values that are worth nothing.
SETTINGS_OF_PRODUCTION := env -i PATH="$$PATH" HOME="$$HOME" ALLOWED_HOSTS=archive.example \
	SECRET_KEY=for-checks-only-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789

help: ## List the targets
	@echo "The South Caucasus diplomatic archive. Targets:"
	@sed -n 's/^\([a-z][a-z]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '  make %-8s %s\n' "$$name" "$$text"; done
	@echo "PORT=8001 chooses another port, PYTHON=/path/to/python3.12 another Python (3.11 to 3.13)."

run: .venv/run ## Start the archive with its database and sample records at http://127.0.0.1:8000
	@$(VENV) -m caucasus.launcher

test: lint types migrations deployment browser proxy ## Check format, style, types, migrations and settings; run all tests
	$(VENV) -m pytest -n logical

dev: .venv/dev ## Start Django's development server, which reloads changed code
	DEBUG=true $(VENV) manage.py migrate --verbosity 0
	DEBUG=true $(VENV) manage.py runserver "127.0.0.1:$$PORT"

lint: .venv/dev ## Check format and style of Python and templates
	$(VENV) -m ruff format --check
	$(VENV) -m ruff check
	@if [ -d templates ]; then set -x; $(VENV) -m djlint --lint --quiet templates; fi

format: .venv/dev ## Format Python, and mend what ruff can mend
	$(VENV) -m ruff check --fix
	$(VENV) -m ruff format

types: .venv/dev ## Check types
	$(SETTINGS_OF_PRODUCTION) $(VENV) -m mypy

migrations: .venv/dev
	$(VENV) manage.py makemigrations --check --dry-run

deployment: .venv/dev
	$(SETTINGS_OF_PRODUCTION) $(VENV) manage.py check --deploy --fail-level WARNING

bench: .venv/run ## Measure the public pages in large archives (SIZES="10000" for a quick run), and write docs/performance.md
	@$(VENV) -m benchmarks.pages $(SIZES)

lock: .venv/dev ## Renew requirements/*.txt from pyproject.toml (UPGRADE=1 takes newer releases)
	$(VENV) -m uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--no-annotate --quiet $(if $(UPGRADE),--upgrade) --output-file requirements/run.txt pyproject.toml
	$(VENV) -m uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--no-annotate --quiet $(if $(UPGRADE),--upgrade) --constraints requirements/run.txt --extra dev \
		--output-file requirements/dev.txt pyproject.toml

sample: .venv/run ## Load the sample archive again, without doubling a record
	@$(VENV) manage.py migrate --verbosity 0
	@$(VENV) manage.py load_sample

shell: .venv/run ## Open a Python shell with the archive's models
	@$(VENV) manage.py shell

clean: ## Remove what make made, except the database and uploads
	rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache var/static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/created:
	@set -e; \
	if $(VENV) -m pip --version >/dev/null 2>&1; then touch $@; exit; fi; \
	if [ -n "$$PYTHON" ]; then set -- "$$PYTHON"; else set -- python3.13 python3.12 python3.11 python3; fi; \
	for name; do \
		"$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' >/dev/null 2>&1 || continue; \
		fitting=$$name; \
		"$$name" -c 'import ensurepip, venv' >/dev/null 2>&1 || continue; \
		echo "Making .venv with $$("$$name" --version)"; \
		"$$name" -m venv --clear .venv; \
		touch $@; exit; \
	done; \
	if [ -n "$$fitting" ]; then \
		echo "$$fitting cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv. Then run make again." >&2; \
	elif [ -n "$$PYTHON" ]; then \
		echo "PYTHON=$$PYTHON ($$("$$PYTHON" --version 2>&1 | head -n 1)) does not fit: the archive needs Python 3.11, 3.12 or 3.13." >&2; \
	else \
		echo "The archive needs Python 3.11, 3.12 or 3.13, and none is on the path. Install one, or name it: make PYTHON=/path/to/python3.12" >&2; \
	fi; exit 1

INSTALL := $(VENV) -m pip install --quiet --disable-pip-version-check --require-hashes

.venv/run: .venv/created requirements/run.txt
	@echo "Installing requirements/run.txt"
	@$(INSTALL) -r requirements/run.txt
	@touch $@

.venv/dev: .venv/created requirements/dev.txt
	@echo "Installing requirements/dev.txt"
	@$(INSTALL) -r requirements/dev.txt
	@touch .venv/run $@

# The browser tests need a Chromium. Where make may, it installs Debian's.
browser:
	@if [ -n "$$CHROMIUM" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null; then exit; fi; \
	if [ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing chromium"; \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium </dev/null && exit; \
	fi; \
	echo "The browser tests need Chromium. Install it (apt-get install chromium), or name one: make test CHROMIUM=/path/to/chrome" >&2; \
	exit 1

# The tests of what stands in front of the archive need an nginx, which Debian keeps in /usr/sbin.
proxy:
	@if PATH="$$PATH:/usr/sbin" command -v nginx >/dev/null; then exit; fi; \
	if [ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing nginx-light"; \
		export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1; \
		apt-get update -qq && apt-get install -qq -y --no-install-recommends nginx-light </dev/null && exit; \
	fi; \
	echo "The tests of the proxy need nginx. Install it: apt-get install nginx-light" >&2; \
	exit 1
