# Everything a developer or an operator starts. Each target explains itself in one line: `make help`.
SHELL = /bin/sh
.DEFAULT_GOAL = help
.PHONY: help run serve test check format bench coverage messages mails docs lock clean

PYTHON = .venv/bin/python

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

run: ## try it: set up, load the catalogue and a demonstration, start web and scheduler
	@scripts/bootstrap.sh run && exec $(PYTHON) -m tracker.supervisor run

serve: ## production: web server and scheduler with the settings given (docs/settings.md), until SIGTERM
	@scripts/bootstrap.sh run && exec $(PYTHON) -m tracker.supervisor serve

test: ## the whole test suite; ARGS="tests/house -x" for a part of it
	@scripts/bootstrap.sh dev && exec $(PYTHON) -m pytest -n auto --dist worksteal $(ARGS)

check: ## lint, format, types, translations complete, no open migration, locks in step
	@scripts/bootstrap.sh dev && exec scripts/check.sh

format: ## put code into the house format and mend what the linter can mend
	@scripts/bootstrap.sh dev && .venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

bench: ## the benchmarks, as ratios measured in one run
	@scripts/bootstrap.sh dev && exec $(PYTHON) -m bench $(ARGS)

coverage: ## the test suite with the lines and branches it reaches
	@scripts/bootstrap.sh dev && exec $(PYTHON) -m pytest -n auto --dist worksteal --cov --cov-report=term --cov-report=html $(ARGS)

messages: ## extract the texts for people, bring es, pt and fr up to date, compile them
	@scripts/bootstrap.sh dev && exec $(PYTHON) scripts/messages.py

mails: ## write anew what the tests hold of every mail, in four languages; read the difference before keeping it
	@scripts/bootstrap.sh dev && exec $(PYTHON) scripts/mail_texts.py

docs: ## write what is generated: docs/workflow.md from the workflow's table
	@scripts/bootstrap.sh dev && PYTHONPATH=. $(PYTHON) scripts/workflow_doc.py

lock: ## write the lock files anew from pyproject.toml; UPGRADE=1 takes the newest allowed
	@scripts/bootstrap.sh dev && scripts/lock.sh && scripts/bootstrap.sh dev

clean: ## remove the environment and what tools left behind; the data in var/ stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis htmlcov .coverage
