.PHONY: help check format test
help:  ## List the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/'

check:  ## Format, lint, types and import contracts
	./run ruff format --check .
	./run ruff check .
	./run mypy
	./run pyright
	./run lint-imports

format:  ## Put the code into its form
	./run ruff format .
	./run ruff check --fix .

test:  ## All tests
	./run pytest
