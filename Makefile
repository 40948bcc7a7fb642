# make pdfs: set everything up and write the PDFs; make test: set everything up and run every check.

PYTHON ?= python3
VENV := .venv
READY := $(VENV)/ready
BENCH ?= full

.PHONY: pdfs test test-long verapdf fidelity concordance bench bench-cluster bench-preview format images lock system fonts clean

pdfs: fonts
	$(VENV)/bin/publish build

test: fonts
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/pytest -n 2 --dist worksteal

test-long: fonts
	$(VENV)/bin/pytest -n 2 --dist worksteal --long

# What veraPDF says of the files that are kept, as PDF/A-3a and as PDF/UA-1; those for a press (-print) are neither.
verapdf: pdfs
	@if ! command -v verapdf >/dev/null; then \
		echo "verapdf is not installed: skipped"; \
	else \
		for flavour in 3a ua1; do \
			find output -name '*.pdf' ! -name '*-print.pdf' -exec verapdf --flavour $$flavour --format text {} + || exit 1; \
		done; \
	fi

# How many lines are those of the official edition; PUBLISH_SHARED says where its documents are.
fidelity: fonts
	@$(VENV)/bin/python tests/fidelity.py

# How many real aligned paragraphs are found at fault, and how many planted faults.
concordance: $(READY)
	@$(VENV)/bin/python tests/concordance.py

# Ours beside others; BENCH=quick for a minute's check. XeLaTeX is measured where it is installed.
bench: fonts $(VENV)/bench
	@$(VENV)/bin/python bench/bench.py $(BENCH)

# How a cluster compares with processes here.
bench-cluster: fonts
	@$(VENV)/bin/python bench/cluster.py

# From a save to what a browser shows.
bench-preview: fonts
	@$(VENV)/bin/python bench/preview.py

format: $(READY)
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

fonts: $(READY)
	@$(VENV)/bin/publish doctor --fix >/dev/null || $(VENV)/bin/publish doctor

# The pictures of README.
images: pdfs
	@for file in output/A_RES_56_149/*.pdf; do \
		pdftoppm -r 60 -gray -png -singlefile -f 1 $$file docs/images/$$(basename $$file .pdf); \
	done
	$(VENV)/bin/python tests/pictures.py

# Pin every package by version and hash.
lock: $(READY)
	$(VENV)/bin/pip install -q uv
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --custom-compile-command "make lock" --group dev pyproject.toml -o requirements.lock --upgrade
	echo typst | $(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --custom-compile-command "make lock" - -o bench/requirements.lock --upgrade

system:
	@setup/system

$(READY): requirements.lock pyproject.toml | system
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@echo "installing Python packages into $(VENV)"
	@$(VENV)/bin/pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(VENV)/bin/pip install -q --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@$(VENV)/bin/python -m compileall -q publish
	@touch $@

$(VENV)/bench: $(READY) bench/requirements.lock
	@$(VENV)/bin/pip install -q --disable-pip-version-check --require-hashes --no-deps -r bench/requirements.lock
	@touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
