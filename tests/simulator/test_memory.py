"""What the demo's phones keep over a restart."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.simulator.api import BotApi
from bot.simulator.cast import BU_SARI
from bot.simulator.clock import FrozenClock
from bot.simulator.memory import SKIPPED_IDS, Memory
from bot.simulator.view import phone_state

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000a49444154789c6300010000050001"
)


def _api() -> BotApi:
    api = BotApi(FrozenClock(), token="7000000001:simulator-only-this-opens-nothing-0000")
    api.add_user(BU_SARI)
    return api


def test_memory_brings_back_chat_clock_and_files(tmp_path: Path) -> None:
    before = _api()
    before.person_sends(BU_SARI.id, "/start")
    before.handle(before.token, "sendPhoto", {"chat_id": BU_SARI.id}, {"photo": ("a.png", PICTURE)})
    before.clock.advance(timedelta(days=3))
    Memory(before, tmp_path / "phones.json").write()
    after = _api()

    Memory(after, tmp_path / "phones.json").recall()

    assert after.messages(BU_SARI.id) == before.messages(BU_SARI.id)
    assert after.clock.moved_by == timedelta(days=3)
    photo = before.messages(BU_SARI.id)[-1].photo
    assert photo is not None
    assert after.shelf.find(photo.file_id) == photo


def test_memory_brings_back_the_menu_that_a_bot_tells_once(tmp_path: Path) -> None:
    before = _api()
    before.handle(before.token, "setMyCommands", {"commands": [{"command": "lanjut", "description": "Lanjutkan"}]}, {})
    Memory(before, tmp_path / "phones.json").write()
    after = _api()

    Memory(after, tmp_path / "phones.json").recall()

    assert phone_state(after, BU_SARI.id)["commands"] == [{"command": "lanjut", "description": "Lanjutkan"}]


def test_memory_never_gives_a_message_id_twice(tmp_path: Path) -> None:
    before = _api()
    Memory(before, tmp_path / "phones.json").write()
    given_after_the_last_write = before.person_sends(BU_SARI.id, "/start")
    after = _api()
    Memory(after, tmp_path / "phones.json").recall()

    message_id = after.person_sends(BU_SARI.id, "/lanjut")

    assert given_after_the_last_write < message_id == SKIPPED_IDS + 1


def test_memory_sets_an_unreadable_file_aside(tmp_path: Path) -> None:
    path = tmp_path / "phones.json"
    path.write_text("{not json")

    Memory(_api(), path).recall()

    assert (tmp_path / "phones.unreadable.json").read_text() == "{not json"
    assert not path.exists()


def test_memory_writes_nothing_where_nothing_changed(tmp_path: Path) -> None:
    memory = Memory(_api(), tmp_path / "phones.json")
    memory.write()
    (tmp_path / "phones.json").unlink()

    memory.write()

    assert not (tmp_path / "phones.json").exists()
