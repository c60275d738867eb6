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

# Yang mengukur waktu atau menjalankan proses sungguhan mendapat mesin untuk dirinya sendiri.
ALONE := tests/e2e $(addprefix tests/faults/test_,kill.py kill_replicas.py failover.py rolling_restart.py owed.py storage.py flood.py)
# Yang paling banyak bergantung pada basis data; seluruhnya di PostgreSQL: make test-postgresql.
ABOUT_PEOPLE := at_once granting joining owing programmes releasing reminding signing_in taking timetable wished wishing
ON_POSTGRESQL := tests/store tests/jobs --ignore=tests/jobs/test_engine.py $(patsubst %,tests/usecases/test_%.py,$(ABOUT_PEOPLE))
TOGETHER := $(BIN)/python -m pytest -n auto --dist loadfile

test: $(VENV)/.dev ## seluruh pengujian
	$(TOGETHER) $(addprefix --ignore=,$(ALONE))
	TEST_DATABASE_URL=pgserver $(TOGETHER) $(ON_POSTGRESQL)
	$(BIN)/python -m pytest $(ALONE)

test-postgresql: $(VENV)/.dev ## seluruh pengujian di PostgreSQL
	TEST_DATABASE_URL=pgserver $(TOGETHER) $(addprefix --ignore=,$(ALONE))
	TEST_DATABASE_URL=pgserver $(BIN)/python -m pytest $(ALONE)

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

FULL := $(BIN)/python -m pytest -q -s

# Satu baris satu uji pada ukuran penuh, dengan perkiraan lama di dua inti yang menganggur, dihitung dari ukuran kecil.
chaos: $(VENV)/.dev ## kill -9, badai, banjir, kartu berbahaya: semua gangguan pada ukuran penuh, sekitar sepuluh jam
	ANSWERS=200000 KILLS=250 $(FULL) tests/faults/test_kill.py # 2 jam
	REPLICA_ANSWERS=50000 REPLICA_BLOWS=400 $(FULL) tests/faults/test_kill_replicas.py # 2 jam
	FAILOVERS=10 $(FULL) tests/faults/test_failover.py # 5 menit
	RESTARTS=20 RESTART_PEOPLE=40 WAITING=1000 $(FULL) tests/faults/test_rolling_restart.py # 5 menit
	OWED_PEOPLE=10000 OWED_KILLS=5 $(FULL) tests/faults/test_owed.py # 7 menit
	EVERY_POINT=1 $(FULL) tests/faults/test_every_point.py tests/faults/test_every_error.py # 1 jam
	DAYS=1000 $(FULL) tests/faults/test_days.py # 15 menit
	TROUBLE_SECONDS=30 TROUBLED_PEOPLE=60 $(FULL) tests/faults/test_storage.py # 4 menit
	FLOOD_SECONDS=60 FLOODED_PEOPLE=400 $(FULL) tests/faults/test_flood.py # 3 menit
	FUZZED=1000000 $(FULL) tests/faults/test_fuzz.py # 2 jam
	STEPS=20000 $(FULL) tests/faults/test_two_bots.py # 10 menit
	CROSSINGS=20000 $(FULL) tests/faults/test_side_by_side.py # 8 menit
	RELEASES=1000 RELEASED_SITTINGS=1000 $(FULL) tests/faults/test_releases.py # 5 menit
	INIT_DATA=100000 $(FULL) tests/faults/test_init_data.py # 1 menit
	$(FULL) tests/faults/test_poison.py tests/faults/test_telegram_down.py tests/faults/test_clock.py # 1 menit
	SITTINGS=1000000 $(FULL) tests/core/test_no_drift.py # 20 menit
	CARDS=100000 $(FULL) tests/texts/test_hostile.py # 20 menit
	NAMES=100000 $(FULL) tests/chat/test_names.py # 5 menit
	PROBES=25000 $(FULL) tests/access # 20 menit

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
