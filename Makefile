# make demo   set everything up and make a talking video from a sentence
# make test   set everything up and run the tests
# Both build .venv/ here and reuse it; a second run starts at once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TEXT ?= a grumpy old lighthouse keeper who loves jazz
SAY ?= Mind the rocks, stranger.
OUT ?= demo/keeper.mp4

.PHONY: demo test test-coqui setup weights lint format docs reference audit sbom licences clean

demo: weights
	@mkdir -p $(dir $(OUT))
	$(BIN)/chatanything create "$(TEXT)" --say "$(SAY)" -o "$(OUT)"

test: weights
	$(BIN)/python -m pytest -m "not coqui" -n 2 --dist loadfile

# The coqui voices have an environment of their own, 1.9 GB; it stays in the cache.
test-coqui: weights
	$(BIN)/chatanything voices install coqui
	$(BIN)/python -m pytest -m coqui

setup: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml scripts/setup.sh
	PYTHON="$(PYTHON)" VENV="$(VENV)" sh scripts/setup.sh
	@touch $@

weights: setup
	@$(BIN)/chatanything weights fetch

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The site, in site/; it opens from the file system, too.
docs: setup
	$(BIN)/python -m scripts.docs site

# The pages and the picture that are made from the code.
reference: setup
	$(BIN)/python -m scripts.docs reference

# Tools that look at the environment live in one of their own, so that they are not part of what they look at.
TOOLS := .tools

$(TOOLS)/.installed:
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/pip install --quiet "pip-audit>=2.9,<3" "cyclonedx-bom>=7,<8" "pip-licenses>=5,<6"
	@touch $@

audit: setup $(TOOLS)/.installed
	@$(BIN)/python scripts/audit.py $(TOOLS)/bin/pip-audit \
	    "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

sbom: setup $(TOOLS)/.installed
	$(TOOLS)/bin/cyclonedx-py environment $(BIN)/python --pyproject pyproject.toml --output-reproducible -o sbom.json

licences: setup $(TOOLS)/.installed
	@$(TOOLS)/bin/pip-licenses --python $(BIN)/python --format markdown
	@$(BIN)/chatanything weights licenses

clean:
	rm -rf $(VENV) $(TOOLS) build demo site sbom.json
