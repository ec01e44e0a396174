# The front door. `make help` lists the targets; CHAPTER=slug restricts some
# of them to one chapter. ENGINE=torch puts our engine on PyTorch in MXNet's
# place, in an environment of its own, on Python 3.10 to 3.13.
ifeq ($(filter mxnet torch,$(or $(ENGINE),mxnet)),)
$(error ENGINE=$(ENGINE): no such engine; say mxnet (the default) or torch)
endif
TORCH := $(filter torch,$(ENGINE))
PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python)
NAMED := $(filter command environment,$(firstword $(origin PYTHON)))
VENV := .venv$(if $(TORCH),-torch)
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
RUN := $(BIN)/python -m
READY := $(VENV)/ready
LOCK := requirements$(if $(TORCH),-torch).txt
BESIDE := $(if $(TORCH),requirements-pytorch.txt engine/pyproject.toml)
VERSION := -c 'import sys; print(sys.version_info[:2])'
ifdef TORCH
RIGHT := (3, 10) <= sys.version_info[:2] <= (3, 13)
WRONG := 'Python 3.10 to 3.13, on which the book runs with PyTorch; get one with' \
	'`uv python install 3.13` or from your system, then run' \
	'`make ENGINE=torch PYTHON=/path/to/python3.13`'
else
RIGHT := sys.version_info[:2] == (3, 11)
WRONG := 'Python 3.11, the last version on which MXNet 1.9.1 runs; get it with' \
	'`uv python install 3.11`, with `conda env create -f environment.yml`, or with the' \
	'Docker image python:3.11, then run `make PYTHON=/path/to/python3.11`; on 3.10 to 3.13' \
	'the book runs with PyTorch, too: `make ENGINE=torch`'
endif
BROWSER := $(VENV)/browser-ready
HUB := $(VENV)/hub-ready
STUDENTS ?= 15
SEEDS ?= 3
ONE := $(if $(CHAPTER),--chapter $(CHAPTER))
KEPT := $(if $(KEEP),--keep $(KEEP))
REPORT_TO := $(if $(REPORT),--junitxml=$(REPORT))
GPU := .venv-gpu
TOOLS := .venv-tools
PIP_INSTALL := pip install --quiet --require-hashes
COMPILE_ANY := $(TOOLS)/bin/python -m uv pip compile --quiet --no-config --no-annotate \
	--custom-compile-command 'make lock' --generate-hashes --no-python-downloads $(OPTIONS)
# What readers and authors need; our engine is no package of a registry's
BOOK := --group book pyproject.toml --excludes -
# For Linux, from the Python of Debian 12 on; hashes are those of all systems
COMPILE := $(COMPILE_ANY) --python-version 3.11.2 --python-platform linux
BEYOND := beyond="-c requirements.txt $$(sed -n 's/^\(.*\)==.*/--no-emit-package \1/p' requirements.txt)"
# With our engine: what depends on it. The rest has no engine in it
WHOLE := $(if $(TORCH),engine/tests tests/chapters tests/readers)
# Its tests have names that some of ours have, too
APART := $(if $(TORCH),--import-mode=importlib -o pythonpath='tests tests/tools engine/tests')
TESTS := $(if $(CHAPTER),tests/chapters tests/text/test_pages.py,$(WHOLE))

.DEFAULT_GOAL := help
.PHONY: help html pdf epub serve notebooks assignments bundle wheel notebook workspace test faults lint data results spread references check syntax test-gpu pytorch image image-test lock audit sbom doctor bench benchmark-site classroom-test engine-record clean

help:  ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

html: $(READY)  ## Execute what changed, build both editions: _build/html/index.html
	$(RUN) book html $(ONE)

pdf: $(READY)  ## Build the printed book: _build/pdf/from-scratch-to-gluon-{en,zh}.pdf
	$(RUN) book pdf

epub: $(READY)  ## Build the e-book: _build/epub/from-scratch-to-gluon-{en,zh}.epub
	$(RUN) book epub

serve: $(READY)  ## Show the book on localhost, new at every save: PORT=8000
	$(RUN) book serve $(if $(PORT),--port $(PORT))

notebooks: $(READY)  ## Write executed notebooks: _build/notebooks, one zip per language
	$(RUN) book notebooks $(ONE)

notebook: $(READY)  ## Open the chapters in JupyterLab, as notebooks, and save them
	$(RUN) book notebook -- $(OPTIONS)

workspace: $(READY)  ## Write or renew a reader's own notebooks: DIR=folder LANGUAGE=en
	$(RUN) book workspace --folder '$(DIR)' --language '$(LANGUAGE)'

assignments: $(READY)  ## Write notebooks for a class, answers taken out: _build/assignments
	$(RUN) book assignments

bundle: $(READY)  ## Gather all for places without a network: _build/bundle (IMAGE=FILE, WITHOUT=PARTS)
	$(RUN) book bundle $(if $(IMAGE),--image $(IMAGE)) $(if $(WITHOUT),--without $(WITHOUT))

wheel: $(READY)  ## Build what readers install: _build/wheel/*.whl
	$(RUN) book wheel

# In two workers; the longest chapters come first, so the order is kept.
test: $(if $(TORCH),$(READY),$(BROWSER) $(HUB))  ## Check everything on the CPU; FRESH=1 executes all chapters
	BOOK_CHAPTER=$(CHAPTER) FRESH=$(FRESH) $(RUN) pytest -n 2 --dist loadfile --no-loadscope-reorder $(APART) $(REPORT_TO) $(TESTS)

faults: $(BROWSER)  ## Kill, starve and feed nonsense to the book: all that tests/faults has
	BOOK_FAULTS=all $(RUN) pytest tests/faults

data: $(READY)  ## Fetch and verify every data set
	$(RUN) book data

results: $(READY)  ## Show the results: 2017, both engines, band; KEEP=run notes them
	$(RUN) book results $(KEPT) $(ONE)

spread: $(READY)  ## Train with SEEDS=3 seeds: what results do; KEEP=run notes it
	$(RUN) book spread --seeds $(SEEDS) $(KEPT) $(ONE)

check: $(READY)  ## Check style, terms and the agreement of the languages, in seconds
	$(RUN) book check $(ONE)

doctor:  ## Check this computer: what is wrong, why, and what to do
	$(if $(wildcard $(VENV)/pyvenv.cfg),$(BIN)/python,$(PYTHON)) -m book doctor

lock: $(TOOLS)/ready  ## Write what pip may install, with hashes; newer versions: OPTIONS=--upgrade
	echo gluon-on-torch | $(COMPILE) -o requirements.txt --group mxnet $(BOOK)
	echo gluon-on-torch | $(COMPILE_ANY) --universal --python-version 3.10 -c requirements-pytorch.txt -o requirements-torch.txt $(BOOK)
	$(COMPILE) -o requirements-tools.txt --group tools
	@set -e; $(BEYOND); for name in browser gpu image; do \
	$(COMPILE) -o requirements-$$name.txt --group $$name $$beyond; done; \
	$(COMPILE) -o classroom/requirements.txt --group classroom -c requirements-image.txt $$beyond

audit: $(TOOLS)/ready  ## Ask PyPI for known vulnerabilities of what is pinned
	$(TOOLS)/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.txt -r requirements-image.txt
	$(TOOLS)/bin/pip-audit --strict --disable-pip --require-hashes -r requirements-torch.txt

sbom: $(TOOLS)/ready  ## List the image's Python packages: _build/sbom.cdx.json (CycloneDX)
	@mkdir -p _build
	cat requirements.txt requirements-image.txt | $(TOOLS)/bin/cyclonedx-py requirements --output-reproducible --pyproject pyproject.toml --mc-type application -o _build/sbom.cdx.json -

references: $(READY)  ## Renew the outputs that the tests compare with
	$(RUN) book references $(ONE)

lint: $(READY)  ## Check the Python code with ruff
	$(RUN) ruff check .

syntax:  ## Compile the chapters' code, also with PYTHON=python3.8
	$(PYTHON) tests/syntax/old_python.py

test-gpu: $(GPU)/gpu-ready  ## Execute everything in full on a GPU; fail without one
	$(GPU)/bin/python -m book doctor
	BOOK_FULL=1 $(GPU)/bin/python -m pytest -m gpu $(REPORT_TO) tests/repository/test_gpu.py

pytorch: $(READY)  ## Install PyTorch, for the appendix that sets it beside Gluon
	$(RUN) pip install --quiet -r requirements-pytorch.txt

image:  ## Build the Docker image from-scratch-to-gluon (arguments: Dockerfile)
	docker build --tag from-scratch-to-gluon .

image-test: $(READY)  ## Build the image without Docker, try it offline (Debian, root)
	tests/docker/build.sh
	unshare --net --pid --fork --mount-proc sh -c 'ip link set lo up && $(BIN)/python tests/docker/check_image.py'

bench: $(READY)  ## Measure all, or ONLY=parts: tables, plots, _build/bench/report.md
	$(MAKE) ENGINE=torch .venv-torch/ready
	$(RUN) benchmarks $(ONLY)

benchmark-site: $(BROWSER)  ## Measure the site: weight of pages, Lighthouse (needs Node.js)
	$(BIN)/python benchmarks/page_speed.py

classroom-test: $(HUB)  ## Measure a hub with STUDENTS=15 simulated students (needs npm)
	@mkdir -p $(VENV)/hub && cp classroom/package*.json $(VENV)/hub
	npm ci --prefix $(VENV)/hub --no-audit --no-fund --loglevel=error
	$(BIN)/python classroom/load_test.py --students $(STUDENTS)

engine-record: $(BROWSER)  ## Record what MXNet answers, for the tests of the engine (FAMILY=name)
	$(VENV)/bin/python engine/tests/record.py $(FAMILY)

clean:  ## Remove what was built and executed (the data sets stay)
	rm -rf _build

$(READY): $(LOCK) $(BESIDE) pyproject.toml | same-python
	@$(PYTHON) -c 'import sys; sys.exit(not $(RIGHT))' 2>/dev/null || \
	{ echo 'error: $(PYTHON) is not' $(WRONG) >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(RUN) $(PIP_INSTALL) -r $(LOCK)
	$(if $(TORCH),$(RUN) pip install --quiet -r requirements-pytorch.txt)
	$(RUN) pip install --quiet --no-deps --no-build-isolation -e . $(if $(TORCH),-e engine)
	@touch $@

same-python:  # a PYTHON that is named is the one that is used
ifdef NAMED
	@[ ! -e $(VENV)/pyvenv.cfg ] || [ "$$($(BIN)/python $(VERSION))" = "$$($(PYTHON) $(VERSION))" ] || \
	{ echo 'error: $(VENV) has another Python than $(PYTHON); remove that folder,' \
	'or name another, such as VENV=$(VENV)-2' >&2; exit 1; }
endif

$(TOOLS)/ready: requirements-tools.txt
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m $(PIP_INSTALL) -r requirements-tools.txt
	@touch $@

$(BROWSER): $(READY) requirements-browser.txt
	$(RUN) $(PIP_INSTALL) -r requirements-browser.txt
	@touch $@

$(GPU)/gpu-ready: requirements.txt requirements-gpu.txt pyproject.toml
	$(MAKE) ENGINE=mxnet VENV=$(GPU) $(GPU)/ready
	$(GPU)/bin/python -m pip uninstall --quiet --yes mxnet
	$(GPU)/bin/python -m $(PIP_INSTALL) --force-reinstall --no-deps -r requirements-gpu.txt
	@touch $@

$(HUB): $(READY) requirements-image.txt classroom/requirements.txt
	$(RUN) $(PIP_INSTALL) -r classroom/requirements.txt
	@touch $@
