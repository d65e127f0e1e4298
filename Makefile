# Every task of the course by name. `make` alone lists them. GNU make 3.81 or later.
# Paths are relative throughout, so the clone may lie in a folder with spaces in its name.

PYTHON ?=
CHAPTER ?=
SECTION ?=
OUTPUT ?=
SIZE ?= small
ARGS ?=

# Named after their content: the set-up is done again when one of the two files changes.
STAMP := .venv/.set-up-$(shell cat requirements.lock pyproject.toml | cksum | cut -d ' ' -f 1)

.DEFAULT_GOAL := help
.PHONY: help setup packages demo test test-slow lab book epub release exercises grade bench doctor data lock \
	lint format clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) ## make .venv with all packages, find or bring a Java (PYTHON=... to choose one)

$(STAMP):
	@python=$$(scripts/find_python.sh $(if $(PYTHON),"$(PYTHON)")) && "$$python" scripts/set_up.py $(STAMP)

packages: $(STAMP) ## install Debian's packages where you may; elsewhere name what is missing
	@.venv/bin/python scripts/debian_packages.py

demo: setup packages ## grade a small made-up class from end to end
	@.venv/bin/python -m autograder.cli demo

test: setup packages ## run all quick tests (ARGS="-k wall" for some of them)
	@.venv/bin/python -m pytest $(ARGS)

test-slow: setup packages ## run the slow tests
	@.venv/bin/python -m pytest -m slow $(ARGS)

lab: setup ## open the exercises in JupyterLab
	@.venv/bin/python -m autograder.cli lab

book: setup ## build the book, every cell executed
	@.venv/bin/python -m autograder.cli book

epub: setup ## build the book as one file for a reader of e-books
	@.venv/bin/python -m autograder.cli book --epub

release: setup ## make the students' edition: exercises and self-checks, no solutions (OUTPUT=...)
	@.venv/bin/python -m autograder.cli release $(if $(OUTPUT),--output "$(OUTPUT)")

exercises: setup ## generate the students' notebooks from solutions/
	@.venv/bin/python -m autograder.cli exercises

grade: setup ## grade the notebooks in classroom/submitted/ (CHAPTER=memory_wall)
	@test -n "$(CHAPTER)" || { echo 'Say which chapter: make grade CHAPTER=memory_wall' >&2; exit 2; }
	@.venv/bin/python -m autograder.cli grade "$(CHAPTER)"

bench: setup ## measure what the course claims about speed and memory (SECTION=spark_start for one)
	@.venv/bin/python -m benchmarks $(SECTION)

doctor: setup ## is this machine ready for the course?
	@.venv/bin/python -m autograder.cli doctor

data: setup ## make the shop's tables (SIZE=tiny, small, medium or large)
	@.venv/bin/python -m shop make "$(SIZE)"

lock: ## write requirements.lock anew from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo 'make lock needs uv: see its own page, or pip install uv' >&2; exit 2; }
	@uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --no-header \
		--no-annotate --extra dev --output-file requirements.lock pyproject.toml

lint: setup ## check style and types
	@.venv/bin/python -m ruff check
	@.venv/bin/python -m mypy

format: setup ## format the code
	@.venv/bin/python -m ruff format
	@.venv/bin/python -m ruff check --fix --select I

clean: ## remove what was built; .venv, made data and classroom/ stay
	@rm -rf build book/_build .pytest_cache .mypy_cache .ruff_cache
	@find . -name .venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
