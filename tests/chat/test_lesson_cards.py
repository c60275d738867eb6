"""What readers see of cards that cannot be shown, and that hostile cards keep nobody waiting."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.chat.callback_data import pack
from bot.content.schema import ContentDocument
from bot.store.tables import ReleaseRow
from bot.texts import jail as jails
from bot.texts.jail import Jail, JailDown
from bot.texts.lesson import LessonRefused
from bot.usecases.learning import VERSIONS
from tests.stage import JOKO, SARI, Stage, stage
from tests.texts.hostile.denials import DENIALS
from tests.texts.people import SARI as VALUES
from tests.usecases.world import document, publish

MODULE = "M-O2-cek-mutasi"
SOUND = "<b>Versi lama</b>\n\nHalo {{ nama }}."
BROKEN = "<b>Versi baru</b> {{ nama | rupiah }}"
SOON = "Kartu ini sedang diperbaiki. Silakan lanjut ke kartu berikutnya."


@pytest.fixture
def on_stage(tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path) as opened:
        opened.joins(SARI)
        yield opened


def with_first_card(card: str) -> ContentDocument:
    """Return the content with another first card of one lesson, unchecked."""
    modules = tuple(
        module.model_copy(update={"cards": (card, *module.cards[1:])}) if module.code == MODULE else module
        for module in document().modules
    )
    return document().model_copy(update={"modules": modules})


def publishes(on: Stage, card: str, *, origin: str = "editor") -> None:
    """Publish another first card past every check, as if the checks had a hole."""
    with on.app.database.transaction() as session:
        release_id = publish(session, with_first_card(card), on.advance(minutes=1))
        row = session.get(ReleaseRow, release_id)
        assert row is not None
        row.origin = origin
        session.add(row)


def opens(on: Stage, person: int = SARI) -> str:
    """Open the lesson's first card and return its text below the head."""
    on.tap(person, on.live(person).message_id, pack("mo", MODULE, 0), forge=True)
    return on.screen(person).split("\n\n", 1)[1]


def test_broken_card_shows_its_last_good_version_and_is_told_in_the_log(
    on_stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    publishes(on_stage, SOUND)
    publishes(on_stage, BROKEN)

    with caplog.at_level(logging.WARNING, "bot.chat.handlers.lessons"):
        shown = opens(on_stage)

    assert shown == "Versi lama\n\nHalo Sari."
    (told,) = caplog.messages
    assert told.startswith(f"card of {MODULE}, number 1 (id), release ")
    assert told.endswith("cannot be shown: LessonRefused")


def test_card_broken_for_many_releases_shows_the_lesson_in_a_sentence(on_stage: Stage) -> None:
    for number in range(VERSIONS):
        publishes(on_stage, f"{BROKEN} {number}")

    summary = next(module.summary for module in document().modules if module.code == MODULE)
    assert opens(on_stage) == f"{summary}\n\n{SOON}"


def test_version_of_the_files_is_shown_where_no_process_can_be_started(
    on_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    publishes(on_stage, SOUND, origin="berkas")
    publishes(on_stage, "<b>Versi penyunting</b>")
    down = Jail(program="tests.texts.nowhere")
    monkeypatch.setattr("bot.chat.handlers.lessons.jail", lambda: down)

    with pytest.raises(JailDown):
        down.check("x")

    assert opens(on_stage) == "Versi lama\n\nHalo Sari."


def test_card_whose_tags_only_fail_for_this_reader_shows_the_version_before(on_stage: Stage) -> None:
    publishes(on_stage, SOUND)
    publishes(on_stage, "{% if nama == 'Sari' %}<b>{% endif %}Satu")

    assert opens(on_stage) == "Versi lama\n\nHalo Sari."


def test_bot_goes_on_answering_while_hostile_cards_are_tried(on_stage: Stage) -> None:
    on_stage.joins(JOKO)
    jails.jail().check("x")
    opens(on_stage, JOKO)
    tried: list[str] = []

    def try_some() -> None:
        jail = Jail(program="tests.texts.open_cell", wall_seconds=0.3)
        for name, source in list(DENIALS.items())[::9]:
            with suppress(LessonRefused):
                jail.show(source, VALUES)
            tried.append(name)
        jail.close()

    trying = threading.Thread(target=try_some)
    trying.start()
    waits = []
    while trying.is_alive():
        before = time.monotonic()
        opens(on_stage, JOKO)
        waits.append(time.monotonic() - before)
    trying.join()

    assert len(tried) == len(list(DENIALS)[::9])
    assert len(waits) > 20
    assert sorted(waits)[len(waits) * 95 // 100] < 0.3
