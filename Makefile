# run · test · check · fix · bench · docs · quality · fit · locks · clean
PYTHON ?= python3
BIN    := .venv/bin
UV     := $(BIN)/uv pip
SAMPLE := src/marsad/packs/sample/reports.jsonl
RECORD := build/sample.marsad
PAGE   := src/marsad/publish/page
DESK   := src/marsad/desk/front
BUILT  := $(PAGE)/built
LOCK   := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

.DEFAULT_GOAL := run
.PHONY: run test check fix bench docs quality fit locks clean

run: .venv/frontend-ready          ## set up, take the bundled sample into a record, show incidents, a digest, a page, what changed hands
	@mkdir -p build && rm -f $(RECORD)*
	@$(BIN)/marsad --record $(RECORD) add $(SAMPLE)
	@$(BIN)/marsad --record $(RECORD) incidents --independent 2
	@$(BIN)/marsad --record $(RECORD) digest
	@test ! -d $(BUILT) || $(BIN)/marsad --record $(RECORD) page build/observatory.html
	@$(BIN)/marsad --record $(RECORD) control --changes

test: .venv/dev-ready         ## every test
	$(BIN)/pytest -q -rs

check: .venv/dev-ready        ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fix: .venv/dev-ready          ## mend what a machine can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev-ready        ## reports a second, cold start, memory; filling, fusing and asking a record
	$(BIN)/pytest -q -p no:cacheprovider --benchmark-only tests/bench
	$(BIN)/python tools/bench_record.py --write
	$(BIN)/python tools/bench_control.py --write
	$(BIN)/python tools/bench_desk.py --write

docs: .venv/dev-ready         ## the pages made from code and packs
	$(BIN)/python tools/docs.py
	$(BIN)/python tools/notebooks.py

quality: .venv/training-ready ## measure reading, fusion and control, write docs/quality*.md
	$(BIN)/python tools/quality.py
	$(BIN)/python tools/fusion.py --write
	$(BIN)/python tools/campaigns.py --write

fit: .venv/training-ready     ## fit the weights on the coded reports anew
	$(BIN)/python -m training.fit ../shared/gold/dev --corpus ../shared/corpus/newspapers-2015.jsonl.gz \
	  --codings training/codings.jsonl --sentences ../shared/gold/arabic_event_gsr --also ../shared/gold/seed.json --write

locks: .venv/dev-ready        ## lock again after a change in requirements/*.in
	@for name in uv run dev training followthemoney; do $(LOCK) --upgrade requirements/$$name.in -o requirements/$$name.txt >/dev/null || exit 1; done
	@! grep -nEi 'https?:|index.url|find.links' requirements/*.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks build dist node_modules $(BUILT) $(DESK)/built

.venv/uv-ready: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Marsad needs Python 3.11 or newer and '$(PYTHON)' is older or absent: install one and name it, as in  make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "'$(PYTHON)' has no venv module: install it (Debian, Ubuntu: sudo apt-get install python3-venv) and run make again" >&2; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/run-ready: .venv/uv-ready requirements/run.txt pyproject.toml
	@$(UV) install --quiet --require-hashes -r requirements/run.txt
	@$(UV) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Without the npm registry all but the page works: say so and go on.
.venv/frontend-ready: .venv/run-ready package-lock.json tools/frontend.py $(wildcard $(PAGE)/*.js $(PAGE)/*.css $(DESK)/*.js $(DESK)/*.css)
	@$(BIN)/python tools/frontend.py && touch $@ || \
	  echo "the page's front-end was not built (see above): \`marsad page\` does not work yet, all else does; run make again" >&2

.venv/dev-ready: .venv/frontend-ready requirements/dev.txt requirements/followthemoney.txt
	@$(UV) install --quiet --require-hashes -r requirements/dev.txt
	@$(UV) install --quiet --require-hashes -r requirements/followthemoney.txt || \
	  echo "FollowTheMoney was not installed (it builds PyICU: a compiler and ICU are needed): its round trip is skipped" >&2
	@touch $@

.venv/training-ready: .venv/dev-ready requirements/training.txt
	@$(UV) install --quiet --require-hashes -r requirements/training.txt
	@touch $@
