# Everything runs in .venv, which the first target that needs it makes.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
ASSIGNMENTS := $(notdir $(wildcard solutions/*))
LESSONS := $(wildcard chapters/*/*.ipynb)
CLASS := build/class

.PHONY: course site exercises lessons class test quick lint gpu-test system clean

course: site exercises class  ## build the site, generate the exercises, grade a sample class

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --editable ".[developer]" --constraint constraints.txt
	touch $@

site: $(READY)
	$(BIN)/jupyter-book build . --all --quiet -n -W --keep-going
	@echo "site: _build/html/index.html"

exercises: $(READY)  ## generate exercises/ from solutions/
	for assignment in $(ASSIGNMENTS); do \
	  PATH="$(CURDIR)/$(BIN):$$PATH" nbgrader generate_assignment $$assignment --force --no-db --log-level WARN; \
	done

lessons: $(READY)  ## run every lesson again and normalise it
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/jupyter nbconvert --to notebook --execute --inplace $(LESSONS)
	$(BIN)/pre-commit run nbstripout --files $(LESSONS)

class: $(READY)  ## grade a made-up class of 30
	$(BIN)/torchproof sample $(CLASS)
	cd $(CLASS) && PATH="$(CURDIR)/$(BIN):$$PATH" sh -ec '\
	  for step in "generate_assignment --force" autograde generate_feedback; do \
	    nbgrader $$step 01_tensors >> grading.log 2>&1 || { tail -n 20 grading.log; exit 1; }; \
	  done; torchproof scores 01_tensors'

test: $(READY) system lint  ## everything
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n auto

quick: $(READY) lint  ## what runs in a few minutes, for the time between two edits
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n auto -m "not slow" tests/checking tests/catalog

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

gpu-test: $(READY)  ## on a machine with a GPU: the lessons run, and the checks use the device
	$(BIN)/python -c 'import torch; assert torch.accelerator.is_available(), "no accelerator here"'
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest --nbval-lax -p no:xdist chapters solutions
	$(BIN)/python -m pytest tests/checking tests/catalog

system:  ## the two programs that are no Python packages
	@missing=""; \
	command -v chromium > /dev/null || missing="$$missing chromium"; \
	command -v bwrap > /dev/null || missing="$$missing bubblewrap"; \
	test -z "$$missing" && exit 0; \
	command -v apt-get > /dev/null || { echo "Please install:$$missing"; exit 1; }; \
	sudo=""; test "$$(id -u)" = 0 || sudo=sudo; \
	$$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y $$missing

clean:
	rm -rf _build build
