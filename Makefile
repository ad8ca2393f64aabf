# The menu. Two commands are enough to begin with: make run, make test.
.DEFAULT_GOAL := help
.PHONY: help run test lint bench docs bundle clean

# Python comes from the machine, packages from uv.lock; nothing else is fetched.
export UV_PYTHON_DOWNLOADS ?= never
# Byte code is made once at set-up, so that the first command is as quick as the next.
export UV_COMPILE_BYTECODE ?= 1
UV = $$(tools/uv.sh)

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 18

run: ## set up, make the demo district in demo/, run everything, write Word and Excel
	@tools/demo.sh

test: ## set up and run every check: lint, types, layers, docs, tests
	@tools/system-packages.sh
	@uv=$(UV) && "$$uv" sync --quiet --locked && .venv/bin/python tools/check.py

lint: ## ruff, pyright and import-linter only
	@uv=$(UV) && "$$uv" sync --quiet --locked && .venv/bin/python tools/check.py lint types layers

bench: ## time what has a bar, and print it
	@uv=$(UV) && "$$uv" sync --quiet --locked && .venv/bin/python benchmarks/run.py

docs: ## build the documentation into site/
	@uv=$(UV) && "$$uv" sync --quiet --locked && .venv/bin/mkdocs build --strict

bundle: ## make the offline installer in dist/ (PLATFORM=linux-arm64 or windows-amd64 for another machine)
	@uv=$(UV) && "$$uv" sync --quiet --locked && \
	    .venv/bin/python tools/bundle.py --uv "$$uv" $(if $(PLATFORM),--platform $(PLATFORM))

clean: ## remove everything that was made here, the demo district too
	rm -rf .venv .tools dist build site demo .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
