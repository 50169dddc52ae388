# The commands of the project. `make` lists them; CONTRIBUTING.md tells when to use which.
# Paths are relative, so that the checkout may stand anywhere, spaces included.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.SILENT:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PY := .venv/bin/python
PACKAGES := postgresql chromium gettext
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

# Development settings, for the commands that start the application.
DEVELOP := DEBUG=on

.PHONY: help
help: ## list the commands
	awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' Makefile

# ---- use it

.PHONY: demo
demo: .venv/run.stamp ## set everything up and serve the demonstration
	export $(DEVELOP) DJANGO_RUNSERVER_HIDE_WARNING=true
	port=$$($(PY) -m deploy.free_port 8000)
	export SITE_URL="http://localhost:$$port"
	$(PY) manage.py migrate --verbosity 0
	$(PY) manage.py createcachetable --verbosity 0
	$(PY) manage.py demo --seed 1
	printf '\n  Open %s    (Ctrl-C stops it; e-mails, with their codes, are printed here)\n\n' "$$SITE_URL"
	exec $(PY) manage.py runserver --verbosity 0 "127.0.0.1:$$port"

.PHONY: test
test: .venv/develop.stamp ## run all tests: SQLite, PostgreSQL, browser
	.ci/suite

.PHONY: bench
bench: .venv/develop.stamp ## measure pages and bookings on both databases (BENCH=--quick, --write)
	$(PY) -m coworking.bench $(BENCH)

# ---- develop it

.PHONY: fmt
fmt: .venv/develop.stamp ## format code and templates
	$(PY) -m ruff check --select I --fix --quiet .
	$(PY) -m ruff format .
	find templates -name '*.html' -print0 | xargs -0 -r .venv/bin/djade --target-version 5.2

.PHONY: check
check: check-format check-lint check-types check-layers check-templates check-migrations check-messages check-deploy ## everything but the tests

.PHONY: check-format check-lint check-types check-layers check-templates check-migrations check-messages check-deploy
check-format: .venv/develop.stamp
	echo '— format'
	$(PY) -m ruff format --check --quiet . || { echo 'Run `make fmt`.'; exit 1; }

check-lint: .venv/develop.stamp
	echo '— lint'
	$(PY) -m ruff check --quiet .

check-types: .venv/develop.stamp
	echo '— types'
	$(PY) -m mypy .

check-layers: .venv/develop.stamp
	echo '— floors and rooms'
	$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint()' --no-logo

check-templates: .venv/develop.stamp
	echo '— templates'
	find templates -name '*.html' -print0 | xargs -0 -r .venv/bin/djade --check --target-version 5.2 \
		|| { echo 'Run `make fmt`.'; exit 1; }

check-migrations: .venv/develop.stamp
	echo '— migrations'
	$(DEVELOP) $(PY) manage.py makemigrations --check --dry-run

check-messages: .venv/develop.stamp
	echo '— translations'
	$(PY) -m tests.house.catalogues check

# A production of each kind: the secrets are nobody's.
check-deploy: .venv/develop.stamp
	echo '— deployment'
	export SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))')"
	export SITE_URL=https://coworking.example.org ALLOWED_HOSTS=coworking.example.org DEBUG=off
	export EMAIL_URL=smtp+tls://mail.example.org:587 DEFAULT_FROM_EMAIL=bonjour@coworking.example.org
	for url in sqlite:///var/none.sqlite3 postgres://coworking@127.0.0.1/coworking; do
		DATABASE_URL=$$url $(PY) manage.py check --deploy --fail-level WARNING
	done

.PHONY: messages
messages: .venv/develop.stamp ## collect the strings to translate and compile the catalogues
	$(PY) -m tests.house.catalogues make

.PHONY: lock
lock: .venv/develop.stamp ## pin versions and hashes anew from pyproject.toml
	options=(--quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header)
	$(PY) -m uv pip compile "$${options[@]}" --output-file requirements/run.txt pyproject.toml
	$(PY) -m uv pip compile "$${options[@]}" --output-file requirements/develop.txt \
		--constraint requirements/run.txt --group develop pyproject.toml

.PHONY: postgres-start postgres-stop
postgres-start: ## start a private PostgreSQL and print its DATABASE_URL
	$(or $(PYTHON),python3) -m deploy.private_postgres start

postgres-stop: ## stop it and remove its data
	$(or $(PYTHON),python3) -m deploy.private_postgres stop

.PHONY: system-packages
system-packages: ## install what only the system can give: PostgreSQL, Chromium, gettext (Debian)
	export DEBIAN_FRONTEND=noninteractive
	$(SUDO) apt-get update -qq
	$(SUDO) apt-get install -y -qq --no-install-recommends $(PACKAGES)

.PHONY: clean
clean: ## remove the environment and the caches; databases stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf test-results var/static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- the environment: made once, and again when the requirements change

.venv/pyvenv.cfg:
	for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
			"$$python" -m venv .venv && exit
			command -v uv >/dev/null && uv venv --quiet --clear --python "$$python" .venv && exit
			echo 'Python cannot make an environment: on Debian, apt-get install python3-venv.' >&2
			exit 1
		fi
	done
	echo 'Python 3.11 or later is needed; `make PYTHON=/path/to/python3 …` says where it is.' >&2
	exit 1

.venv/%.stamp: requirements/%.txt .venv/pyvenv.cfg
	if command -v uv >/dev/null; then
		uv pip install --quiet --python $(PY) --require-hashes --requirement $<
	else
		$(PY) -m pip install -qq --disable-pip-version-check --require-hashes --requirement $<
	fi
	touch $@
