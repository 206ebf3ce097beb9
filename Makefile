# One target a job; `make` alone lists them. Plain sh and GNU make; everything is installed into .venv.

.DEFAULT_GOAL := help
# pip must not run twice at once, even under `make -j`.
.NOTPARALLEL:
.PHONY: help install app ask question test lint style format bench screenshots clean

python ?= python3
port ?= 8501
# The accessibility rules that the browser tests run: one script, taken into .venv/node and nowhere else.
axe := axe-core@4.14.1

# A question is data: $(value) keeps make from expanding a $ in it, the environment keeps the shell from reading it.
override q := $(value q)
export q
# Vietnamese in and out under any locale.
export PYTHONUTF8 := 1

# $(call pip,ARGUMENTS): pip install, shown as one line a download instead of pip's 400; .venv/pip.log keeps them all.
# PIP_CONSTRAINT and not -c, because it also reaches the environment in which the package is built.
define pip
@{ PIP_CONSTRAINT=constraints.txt .venv/bin/python -m pip install --disable-pip-version-check $(1) 2>&1 || echo 'pip failed'; } | tee -a .venv/pip.log | awk ' \
	/^ *Downloading/ && !/\.metadata/ { print "  " $$2, $$3, $$4 } \
	/^Installing collected/ { print "  installing " NF - 3 " packages ..." } \
	/^ERROR|^ *error:/ { show = 1 } \
	/^pip failed$$/ { print "pip failed; its whole output is in .venv/pip.log"; exit failed = 1 } \
	show { print } \
	{ fflush() } \
	END { exit failed }'
endef

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Torch first, by its exact version: once it is there, no other package's requirement brings another build of it.
.venv/app: pyproject.toml constraints.txt
	@$(python) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'kehoach needs Python 3.11 or newer: make python=/path/to/python3 ...' >&2; exit 1; }
	@$(python) -m venv .venv || { echo 'no venv: on Debian, apt-get install python3-venv' >&2; exit 1; }
	@echo 'Installing torch, the largest part ...'
	$(call pip,"$$(grep ^torch== constraints.txt)")
	@echo 'Installing kehoach ...'
	$(call pip,-e .)
	@touch $@

.venv/dev: .venv/app
	@echo 'Installing the tools of development ...'
	$(call pip,-e '.[dev]')
	@touch $@

.venv/node/.$(axe): .venv/app
	@command -v npm >/dev/null || { echo 'the accessibility test needs npm: on Debian, apt-get install npm' >&2; exit 1; }
	@echo 'Installing $(axe) ...'
	@npm install --no-save --no-package-lock --no-audit --no-fund --loglevel=error --prefix .venv/node $(axe)
	@touch $@

install: .venv/dev .venv/node/.$(axe) ## Install into .venv, with what the tests need

app: .venv/app ## Install, ingest corpus/ and serve the app on 127.0.0.1:8501 (another port: port=8600)
	@.venv/bin/kehoach ingest --yes corpus/
	@.venv/bin/kehoach serve --port '$(port)'

# The plans are ingested when there is no index yet or a file of corpus/ is newer than the last time.
ask: question .venv/app ## Answer one question: make ask q="ai chủ trì nhà ở xã hội?"
	@home="$${KEHOACH_HOME:-.kehoach}"; stamp="$$home/.corpus"; \
	if [ ! -e "$$home/CURRENT" ] || [ ! -e "$$stamp" ] || [ -n "$$(find corpus -newer "$$stamp")" ]; then \
		.venv/bin/kehoach ingest --yes corpus/ >&2 && touch "$$stamp"; \
	fi
	@.venv/bin/kehoach ask -- "$$q"

# Before the install, so that a forgotten question costs no minutes.
question:
	@[ -n "$$q" ] || { echo 'make ask q="ai chủ trì nhà ở xã hội?"' >&2; exit 2; }

# Three workers for two cores: browsers and servers are waited for, and mypy has time beside them. A file stays with one
# worker, for its fixtures.
test: style .venv/node/.$(axe) ## Install and run every check: ruff, mypy, pytest
	@.venv/bin/mypy & types=$$!; \
	.venv/bin/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder; tests=$$?; \
	wait $$types && exit $$tests

lint: style ## ruff check, ruff format --check, mypy
	@.venv/bin/mypy

style: .venv/dev
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .

format: .venv/dev ## Format the code and mend what ruff can mend
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

# peers.py installs four other tools, several gigabytes; growth.py and ingesting.py take hours.
longest := kill fuzz peers growth ingesting
bench: .venv/dev ## Run the benchmarks in benchmarks/ but the longest (_ names: shared parts)
	@for script in $$(ls benchmarks/[!_]*.py $(foreach name,$(longest),| grep -v $(name))); do echo "$$script"; .venv/bin/python "$$script" || exit 1; done

screenshots: .venv/dev ## Take a picture of every page into docs/screenshots/ (needs Chromium)
	@.venv/bin/python docs/screenshots.py

clean: ## Remove .venv and caches; the index (.kehoach) stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
