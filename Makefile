# The front door. `make help` lists the targets; CHAPTER=slug restricts some
# of them to one chapter.
PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python)
VENV := .venv
RUN := $(VENV)/bin/python -m
READY := $(VENV)/ready
BROWSER := $(VENV)/browser-ready
ONE := $(if $(CHAPTER),--chapter $(CHAPTER))
TESTS := $(if $(CHAPTER),tests/chapters tests/test_pages.py tests/test_pairs.py)

.DEFAULT_GOAL := help
.PHONY: help html pdf epub notebooks test lint data results references check pytorch image image-test doctor benchmark benchmark-training benchmark-site clean

help:  ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

html: $(READY)  ## Execute what changed, build both editions: _build/html/index.html
	$(RUN) book html $(ONE)

pdf: $(READY)  ## Build the printed book: _build/pdf/from-scratch-to-gluon-{en,zh}.pdf
	$(RUN) book pdf

epub: $(READY)  ## Build the e-book: _build/epub/from-scratch-to-gluon-{en,zh}.epub
	$(RUN) book epub

notebooks: $(READY)  ## Write executed notebooks: _build/notebooks, one zip per language
	$(RUN) book notebooks $(ONE)

test: $(BROWSER)  ## Check everything on the CPU: pages, code, every chapter
	BOOK_CHAPTER=$(CHAPTER) $(RUN) pytest -n 2 --dist loadfile --no-loadscope-reorder $(TESTS)

data: $(READY)  ## Fetch and verify every data set
	$(RUN) book data

results: $(READY)  ## Show the results: 2017, this run, band; fail outside of it
	$(RUN) book results $(ONE)

check: $(READY)  ## Check style, terms and the agreement of the languages, in seconds
	$(RUN) book check $(ONE)

doctor:  ## Check this computer: what is wrong, why, and what to do
	$(if $(wildcard $(VENV)/bin/python),$(VENV)/bin/python,$(PYTHON)) -m book doctor

references: $(READY)  ## Renew the outputs that the tests compare with
	$(RUN) book references $(ONE)

lint: $(READY)  ## Check the Python code with ruff
	$(RUN) ruff check .

pytorch: $(READY)  ## Install PyTorch, for the appendix that sets it beside Gluon
	$(RUN) pip install --quiet -r requirements-pytorch.txt

image:  ## Build the Docker image from-scratch-to-gluon (arguments: Dockerfile)
	docker build --tag from-scratch-to-gluon .

image-test: $(READY)  ## Build the image without Docker, try it offline (Debian, root)
	tests/docker/build.sh
	unshare --net --pid --fork --mount-proc sh -c 'ip link set lo up && $(VENV)/bin/python tests/docker/check_image.py'

benchmark: $(READY)  ## Measure the data pipeline; prints ratios of one run
	$(VENV)/bin/python benchmarks/data_pipeline.py

benchmark-training: $(READY)  ## Measure LeNet here and in PyTorch (if installed): ratio
	$(VENV)/bin/python benchmarks/lenet.py

benchmark-site: $(BROWSER)  ## Measure the site: weight of pages, Lighthouse (needs Node.js)
	$(VENV)/bin/python benchmarks/page_speed.py

clean:  ## Remove what was built and executed (the data sets stay)
	rm -rf _build

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || \
	{ echo 'error: $(PYTHON) is not Python 3.11, which MXNet 1.9.1 needs; get it with' \
	'`uv python install 3.11`, with `conda env create -f environment.yml`, or with the' \
	'Docker image python:3.11, then run `make PYTHON=/path/to/python3.11`' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(RUN) pip install --quiet -r requirements.txt
	$(RUN) pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(BROWSER): $(READY) requirements-browser.txt
	$(RUN) pip install --quiet -r requirements-browser.txt
	@touch $@
