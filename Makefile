# What a person types. `make run` and `make test` need nothing beforehand but Python 3.11 or newer, make and a network.

PORT ?= 8000
KRONIKA_DATA ?= var

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard webapp/translations/*/LC_MESSAGES/*.po))

.PHONY: help run test setup environment check soak bench words

help:
	@echo "make run    set up, load the example history, serve it on 127.0.0.1:$(PORT)"
	@echo "make test   set up, with PostgreSQL and Chromium, and run the tests"
	@echo "make check  format, lint, types, rooms, templates"
	@echo "make soak   the tests that take minutes"
	@echo "make bench  the measurements that the README quotes"

run: export KRONIKA_DATA := $(KRONIKA_DATA)
run: setup
	.venv/bin/kronika demo --port $(PORT)

test: setup
	@.ci/tested-with
	.venv/bin/pytest -n auto --dist worksteal

setup: environment $(CATALOGUES)
	@cd webapp/static/vendor && sha256sum --check --strict --quiet SHA256SUMS
	@cd tests/vendor && sha256sum --check --strict --quiet SHA256SUMS

environment:
	@.ci/environment

%.mo: %.po | environment
	.venv/bin/pybabel compile --input-file $< --output-file $@

check: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/djlint --lint --quiet webapp/templates

soak: setup
	@.ci/tested-with
	HYPOTHESIS_PROFILE=soak .venv/bin/pytest -m soak

bench: setup
	.venv/bin/kronika bench

# after a change of words: then translate what is empty in webapp/translations/*/LC_MESSAGES/messages.po
words: environment
	.venv/bin/pybabel --quiet extract --mapping-file webapp/babel.cfg --keyword N_ --no-location --sort-output \
		--omit-header --output-file webapp/translations/messages.pot webapp
	.venv/bin/pybabel --quiet update --input-file webapp/translations/messages.pot --output-dir webapp/translations \
		--no-fuzzy-matching --ignore-obsolete
