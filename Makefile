# The front door: each target is one of `python -m book`, which also makes the
# environment, on Windows, too; book/tools/setup/targets.py lists them. Given
# variables, as in `make html CHAPTER=ndarray`, reach it by the environment.
PYTHON ?= $(shell for name in python3.11 python3; do \
	$$name -c '' 2> /dev/null && exec echo $$name; done; echo python)
TARGETS := help html pdf epub serve notebooks notebook workspace assignments \
	bundle wheel execute test faults data results spread check doctor lock \
	audit sbom references lint syntax test-gpu pytorch image image-test bench \
	benchmark-site classroom-test engine-record clean

.DEFAULT_GOAL := help
.PHONY: $(TARGETS) always
.NOTPARALLEL:  # two would make the same environment, and build in one folder

$(TARGETS):
	@"$(PYTHON)" -m book $@

# The stamps of environments: .venv/ready, .venv-torch/ready and the like
%/ready: always
	@"$(PYTHON)" -m book $@

%/browser-ready: always
	@"$(PYTHON)" -m book $@

%/hub-ready %/proxy-ready: always
	@"$(PYTHON)" -m book $@

%/gpu-ready: always
	@"$(PYTHON)" -m book $@
