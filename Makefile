# Everything runs in .venv, which the first target that needs it makes.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
LESSONS := $(wildcard chapters/*/*.ipynb)
CLASS := build/class

.PHONY: course site exercises lessons class test nbval quick lint gpu-test bwrap chromium postgresql clean

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
	PATH="$(CURDIR)/$(BIN):$$PATH" nbgrader generate_assignment '*' --force --no-db --log-level WARN

lessons: $(READY)  ## run every lesson again and normalise it
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/jupyter nbconvert --to notebook --execute --inplace $(LESSONS)
	$(BIN)/pre-commit run nbstripout --files $(LESSONS)

class: $(READY) bwrap  ## grade a made-up class of 30
	$(BIN)/torchproof sample $(CLASS)
	$(BIN)/torchproof grade 01_tensors --course $(CLASS)
	$(BIN)/torchproof scores 01_tensors --folder $(CLASS)

test: $(READY) bwrap chromium postgresql lint nbval  ## everything
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n auto --dist worksteal

# Threads of notebooks that run side by side would wait for each other and eat the processors.
nbval: $(READY)  ## every notebook runs, and prints what it printed when it was committed
	PATH="$(CURDIR)/$(BIN):$$PATH" OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist loadscope \
	  --nbval --nbval-cell-timeout 60 chapters solutions

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

bwrap: PACKAGE = bubblewrap
chromium: PACKAGE = chromium
postgresql: PACKAGE = postgresql
bwrap chromium postgresql:  ## the programs that are no Python packages
	@command -v $@ > /dev/null && exit 0; \
	test $@ = postgresql && ls /usr/lib/postgresql/*/bin/pg_ctl > /dev/null 2>&1 && exit 0; \
	command -v apt-get > /dev/null || { echo "Please install $(PACKAGE)."; exit 1; }; \
	sudo=""; test "$$(id -u)" = 0 || sudo=sudo; \
	$$sudo apt-get update -qq && \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y $(PACKAGE) > /dev/null

clean:
	rm -rf _build build
