"""The process that lesson cards are rendered in: what it holds, and what happens when it breaks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.content.card_rules import sample_values
from bot.content.load import load
from bot.texts.jail import CardBroke, Jail, JailBusy, JailDown, _cpu_seconds
from bot.texts.lesson import SHOWN_LIMIT, LessonRefused, render_card
from tests.core.builders import CONTENT
from tests.texts.people import SARI
from tests.texts.test_lesson import ACCEPTED, VALUES

ROOT = Path(__file__).parents[2]
OPEN = "tests.texts.open_cell"


@pytest.fixture
def jail() -> Iterator[Jail]:
    made = Jail()
    yield made
    made.close()


@pytest.fixture
def open_jail() -> Iterator[Jail]:
    """A jail whose process is the only wall."""
    made = Jail(program=OPEN)
    yield made
    made.close()


def test_nothing_is_started_before_it_is_needed(jail: Jail) -> None:
    assert jail.process_id is None

    assert jail.show("Halo {{ nama }}", SARI) == "Halo Sari"
    assert jail.process_id is not None


def test_accepted_card_reads_the_same_as_in_place(jail: Jail) -> None:
    shown = {name: jail.render(source, [VALUES]) for name, (source, _) in ACCEPTED.items()}

    assert shown == {name: [text] for name, (_, text) in ACCEPTED.items()}


def test_every_card_of_ours_reads_the_same_as_in_place(jail: Jail) -> None:
    people = list(sample_values())[:6:5]
    document = load(CONTENT)
    cards = [c for m in document.modules for told in (m.cards, *m.translations.values()) for c in told]

    different = [card for card in cards if jail.render(card, people) != [render_card(card, who) for who in people]]

    assert len(cards) > 500
    assert different == []


def test_refusal_tells_the_line(jail: Jail) -> None:
    with pytest.raises(LessonRefused) as walls:
        jail.check("<b>Satu</b>\n\n{{ alamat }}")
    with pytest.raises(LessonRefused) as signs:
        jail.check("<b>Satu</b>\n{% if %}")
    with pytest.raises(LessonRefused) as values:
        jail.show("<b>Satu</b>\n\n\n{{ nama | rupiah }}", SARI)

    told = [(str(refused.value), refused.value.line) for refused in (walls, signs)]
    assert told == [
        ("variabel alamat tidak dikenal", 3),
        ("tanda {{ }} atau {% %} di baris ini tidak lengkap atau keliru letaknya", 2),
    ]
    assert values.value.line == 4


def test_card_that_telegram_would_refuse_is_refused(jail: Jail) -> None:
    with pytest.raises(LessonRefused, match="tanda < > dalam kartu keliru"):
        jail.show("<b>Satu", SARI)
    with pytest.raises(LessonRefused, match=f"menjadi {SHOWN_LIMIT + 1} huruf"):
        jail.show("x" * (SHOWN_LIMIT + 1), SARI)
    with pytest.raises(LessonRefused, match="menjadi 0 huruf"):
        jail.show("{% if not nama %}x{% endif %}", SARI)

    assert jail.show("x" * SHOWN_LIMIT, SARI) == "x" * SHOWN_LIMIT


def test_process_that_was_killed_is_replaced(jail: Jail) -> None:
    jail.check("x")
    first = jail.process_id
    assert first is not None

    os.kill(first, signal.SIGKILL)

    assert jail.show("Halo {{ nama }}", SARI) == "Halo Sari"
    assert jail.process_id not in (None, first)


ENDLESS = "{% for a in range(10**6) %}{% for b in range(10**6) %}{% endfor %}{% endfor %}"


def test_card_that_takes_too_long_is_ended_and_kept_out(open_jail: Jail) -> None:
    open_jail.check("x")
    before = time.monotonic()

    with pytest.raises(CardBroke):
        open_jail.show(ENDLESS, SARI)
    took = time.monotonic() - before
    with pytest.raises(CardBroke):
        open_jail.show(ENDLESS, SARI)

    assert 0.9 < took < 6
    assert time.monotonic() - before - took < 0.5
    assert open_jail.process_id is None
    assert open_jail.show("Halo {{ nama }}", SARI) == "Halo Sari"


def test_system_ends_what_computes_too_long_though_nobody_watches() -> None:
    jail = Jail(program=OPEN, wall_seconds=60)
    jail.check("x")
    process = jail.process_id
    assert process is not None
    used: list[float] = []
    watching = threading.Thread(target=_watch, args=(process, used))
    watching.start()

    with pytest.raises(CardBroke):
        jail.show(ENDLESS, SARI)
    watching.join()

    assert 0.9 < max(used) < 2.3
    jail.close()


def _watch(process: int, used: list[float]) -> None:
    while (now := _cpu_seconds(process)) != float("inf") and _runs(process):
        used.append(now)
        time.sleep(0.02)


def test_process_that_the_machine_does_not_let_run_is_waited_for(jail: Jail) -> None:
    jail.check("x")
    process = jail.process_id
    assert process is not None
    os.kill(process, signal.SIGSTOP)
    waking = threading.Timer(1.3, os.kill, (process, signal.SIGCONT))
    waking.start()

    assert jail.show("Halo {{ nama }}", SARI) == "Halo Sari"
    waking.join()
    assert jail.process_id == process


HUNGRY = {
    "text": "{{ 'x' * 10**9 }}",
    "list": "{{ [0] * 10**9 }}",
    "while compiling": "{{ 'x' * 999999999 ~ 'y' }}",
    "number": "{{ (2 ** (2 ** 31))|string|length }}",
}


@pytest.mark.parametrize("source", HUNGRY.values(), ids=HUNGRY.keys())
def test_card_that_takes_too_much_memory_is_ended(open_jail: Jail, source: str) -> None:
    open_jail.check("x")

    with pytest.raises(LessonRefused):
        open_jail.show(source, SARI)

    assert open_jail.show("Halo {{ nama }}", SARI) == "Halo Sari"


def test_death_from_what_others_did_is_nobodys_fault(open_jail: Jail) -> None:
    open_jail.show("{{ die_next() }}", SARI)

    assert open_jail.show("Halo {{ nama }}", SARI) == "Halo Sari"


def test_card_that_ends_its_process_is_kept_out(open_jail: Jail) -> None:
    open_jail.check("x")

    with pytest.raises(CardBroke):
        open_jail.show("{{ leave(0) }}", SARI)

    assert open_jail.show("Halo {{ nama }}", SARI) == "Halo Sari"


DOORS = {
    "reads a file": "{{ open('/etc/hostname').read() }}",
    "writes a file": "{{ open('/tmp/surat', 'w') }}",
    "opens a socket": "{{ socket() }}",
}


@pytest.mark.parametrize("source", DOORS.values(), ids=DOORS.keys())
def test_process_opens_nothing(open_jail: Jail, source: str) -> None:
    open_jail.check("x")

    with pytest.raises(CardBroke):
        open_jail.show(source, SARI)


def test_process_inherits_no_secret(open_jail: Jail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "1:rahasia")

    (names,) = open_jail.render("{{ environment|list|join(' ') }}", [{}])

    assert set(names.split()) <= {"LC_CTYPE"}


LIES = {
    "no JSON": "{{ say(1, '\\x00\\x00\\x00\\x03abc'.encode()) }}",
    "an answer for another": '{{ say(1, \'\\x00\\x00\\x00\\x0d{"texts":[""]}\'.encode()) }}',
    "no end": "{{ say(1, '\\x7f\\x7f\\x7f\\x7f'.encode()) }}",
    "too little": "{{ say(1, '\\x00\\x00\\x00\\x09'.encode()) }}{{ leave(0) }}",
}


@pytest.mark.parametrize("source", LIES.values(), ids=LIES.keys())
def test_answer_that_makes_no_sense_is_not_believed(open_jail: Jail, source: str) -> None:
    open_jail.check("x")

    with pytest.raises(CardBroke):
        open_jail.show(source, SARI)

    assert open_jail.show("Halo {{ nama }}", SARI) == "Halo Sari"


def test_text_over_64_kibibytes_is_refused(open_jail: Jail) -> None:
    with pytest.raises(LessonRefused, match="lebih dari 64 KiB"):
        open_jail.render("{{ 'x' * 65537 }}", [SARI])

    assert open_jail.render("{{ 'x' * 65536 }}", [SARI]) == ["x" * 65536]


def test_who_comes_while_many_wait_is_sent_away() -> None:
    jail = Jail(queue=1, program=OPEN, wall_seconds=0.5)
    jail.check("x")

    def wait_long() -> None:
        with pytest.raises(CardBroke):
            jail.show("{% for a in range(10**9) %}{% endfor %}", SARI)

    slow = threading.Thread(target=wait_long)
    slow.start()
    while not jail._turn.locked():
        time.sleep(0.001)

    with pytest.raises(JailBusy):
        jail.show("Halo", SARI)
    slow.join()

    assert jail.show("Halo", SARI) == "Halo"
    jail.close()


def test_process_that_cannot_be_started_is_told_and_not_tried_at_once_again(caplog: pytest.LogCaptureFixture) -> None:
    jail = Jail(program="tests.texts.nowhere")

    for _ in range(2):
        with pytest.raises(JailDown):
            jail.show("Halo", SARI)

    assert [record.message for record in caplog.records] == ["no process for lesson cards can be started"]


def test_many_threads_each_get_their_own_card(jail: Jail) -> None:
    def ask(number: int) -> list[str]:
        return [jail.show(f"{number} {{{{ nama }}}}", SARI | {"nama": f"Sari {turn}"}) for turn in range(20)]

    with ThreadPoolExecutor(8) as threads:
        shown = list(threads.map(ask, range(8)))

    assert shown == [[f"{number} Sari {turn}" for turn in range(20)] for number in range(8)]


def test_process_ends_with_the_one_that_started_it() -> None:
    program = "import time; from bot.texts.jail import jail; jail().check('x'); print(jail().process_id, flush=True)"
    owner = subprocess.Popen(
        [sys.executable, "-c", f"{program}; time.sleep(60)"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    cell = int(owner.stdout.readline())

    owner.kill()
    owner.wait()
    owner.stdout.close()

    until = time.monotonic() + 5
    while _runs(cell) and time.monotonic() < until:
        time.sleep(0.01)
    assert not _runs(cell)


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_card_is_shown_at_little_cost(jail: Jail) -> None:
    card = load_one()
    jail.show(card, SARI)

    def cpu() -> float:
        fields = Path(f"/proc/{jail.process_id}/stat").read_text(encoding="ascii").split()
        return time.process_time() + (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")

    before = cpu()
    for _ in range(300):
        jail.show(card, SARI)

    assert (cpu() - before) / 300 < 0.001


def load_one() -> str:
    """Return the longest card of ours."""
    return max((card for module in load(CONTENT).modules for card in module.cards), key=len)
