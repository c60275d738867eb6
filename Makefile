PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help install demo run test test-postgresql check coverage bench chaos mutants messages lock audit sbom clean

help: ## tampilkan perintah
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 12

$(VENV)/.run: requirements/run.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps --only-binary :all: -r requirements/run.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps --only-binary :all: -r requirements/dev.txt
	@touch $@

install: $(VENV)/.run ## siapkan .venv dari kunci ber-hash

demo: install ## bot dan Telegram tiruan di komputer ini
	$(BIN)/python -m bot demo

run: install ## bot di Telegram sungguhan (BOT_TOKEN)
	$(BIN)/python -m bot run

test: $(VENV)/.dev ## seluruh pengujian
	$(BIN)/python -m pytest -n auto --dist loadfile --ignore=tests/e2e --ignore=tests/faults
	TEST_DATABASE_URL=pgserver $(BIN)/python -m pytest -n auto --dist loadfile tests/store tests/usecases tests/jobs
	$(BIN)/python -m pytest tests/e2e tests/faults

test-postgresql: $(VENV)/.dev ## seluruh pengujian di PostgreSQL
	TEST_DATABASE_URL=pgserver $(BIN)/python -m pytest -n auto --dist loadfile --ignore=tests/e2e --ignore=tests/faults
	TEST_DATABASE_URL=pgserver $(BIN)/python -m pytest tests/e2e tests/faults

check: $(VENV)/.dev ## format, lint, tipe, batas ruang, isi, terjemahan
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot content check
	$(BIN)/python -m tests.house.messages --check

coverage: $(VENV)/.dev ## cakupan cabang bot/core oleh tests/core, harus 100 %
	$(BIN)/python -m pytest tests/core --cov=bot.core --cov-branch --cov-report=term-missing --cov-fail-under=100

bench: $(VENV)/.dev ## biaya satu ketukan dibanding bot lain, dan biaya melihat kelompok sampai 10.000 orang
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.groups

chaos: $(VENV)/.dev ## kill -9, kartu berbahaya, dan gangguan lain, ukuran penuh
	ANSWERS=20000 KILLS=100 SITTINGS=1000000 CARDS=100000 INIT_DATA=100000 NAMES=100000 PROBES=25000 STEPS=3000 RELEASES=1000 RELEASED_SITTINGS=1000 RESTARTS=20 RESTART_PEOPLE=40 $(BIN)/python -m pytest tests/faults tests/core/test_no_drift.py tests/texts/test_hostile.py tests/chat/test_names.py tests/access

mutants: $(VENV)/.dev ## skor mutasi penilaian, paling sedikit 95 %
	$(BIN)/python -m tests.mutants

messages: $(VENV)/.dev ## perbarui katalog terjemahan dari kode, templat, dan isi
	$(BIN)/python -m tests.house.messages

lock: $(VENV)/.dev ## tulis ulang kunci dependensi
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q -o requirements/run.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q -o requirements/dev.txt

audit: $(VENV)/.dev ## celah yang sudah diketahui dalam dependensi terkunci (perlu Internet)
	$(BIN)/uv tool run pip-audit==2.10.1 --strict --require-hashes --disable-pip -r requirements/run.txt

sbom: $(VENV)/.dev ## daftar semua dependensi (CycloneDX) di var/sbom.json
	@mkdir -p var
	$(BIN)/python -m tests.house.sbom > var/sbom.json

clean: ## hapus .venv dan data demo
	rm -rf $(VENV) var
