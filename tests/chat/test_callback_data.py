"""What buttons carry: written and read back alike, and junk refused by one exception only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bot.chat import dispatch
from bot.chat.callback_data import LIMIT_BYTES, StaleButton, choice, number, pack, unpack
from bot.chat.incoming import Incoming, Tap
from bot.chat.request import House
from bot.chat.routes import VERBS
from bot.chat.screen import Reply
from bot.core.attempt import Confidence
from bot.texts.markup import visible_length
from tests.stage import SARI, Stage, stage

WORD = st.text(st.characters(codec="utf-8", exclude_characters="."), min_size=1, max_size=10)
NUMBER = st.integers(0, 36**12 - 1)


@given(WORD, st.lists(WORD | NUMBER, max_size=3))
def test_pack_is_read_back(verb: str, arguments: list[str | int]) -> None:
    parts = [argument if isinstance(argument, str) else "zzzzzzzzzzzz" for argument in arguments]
    if len(".".join(("1", verb, *parts)).encode()) > LIMIT_BYTES:
        return

    name, read = unpack(pack(verb, *arguments))

    assert name == verb
    assert [number(r) if isinstance(a, int) else r for a, r in zip(arguments, read, strict=True)] == arguments


@pytest.mark.parametrize(
    ("value", "written"), [(0, "0"), (9, "9"), (10, "a"), (35, "z"), (36, "10"), (36**12 - 1, "z" * 12)]
)
def test_number_in_base_36(value: int, written: str) -> None:
    assert pack("x", value) == f"1.x.{written}"
    assert number(written) == value


@pytest.mark.parametrize("arguments", [("a.b",), ("",), ("x" * 61,), ("é" * 31,), (-1,)])
def test_pack_refuses_what_could_not_be_read(arguments: tuple[str | int, ...]) -> None:
    with pytest.raises(ValueError, match=r"does not fit|no negative"):
        pack("x", *arguments)


def test_pack_of_exactly_64_bytes() -> None:
    assert len(pack("x", "y" * 60).encode()) == LIMIT_BYTES


@pytest.mark.parametrize(
    "data", ["", "1", "1.", "1..", "1.an..1", ".", "2.an.1.1.c0", "an.1.1.c0", "01.hs", "1 .hs", "\0", "1.hs.", "١.hs"]
)
def test_unpack_junk_is_stale(data: str) -> None:
    with pytest.raises(StaleButton):
        unpack(data)


@pytest.mark.parametrize("written", ["", "-1", "1 ", "A", "é", "٣", "0" * 13, "1_0", "+1"])
def test_number_junk_is_stale(written: str) -> None:
    with pytest.raises(StaleButton):
        number(written)


def test_choice_reads_its_words_only() -> None:
    assert choice(Confidence, "yakin") is Confidence.SURE
    with pytest.raises(StaleButton):
        choice(Confidence, "SURE")


@given(st.text(max_size=64))
def test_unpack_of_any_text_is_read_or_stale(data: str) -> None:
    try:
        name, arguments = unpack(data)
    except StaleButton:
        return

    assert ".".join(("1", name, *arguments)) == data


@pytest.fixture(scope="module")
def busy_owner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """An owner in the middle of a second sitting, so that every verb has something to act on."""
    with stage(tmp_path_factory.mktemp("owner")) as play:
        play.joins(SARI)
        play.says(SARI, "/mulai")
        play.answers_all(SARI)
        play.says(SARI, "/modul")
        play.says(SARI, "/mulai")
        play.taps(SARI, "Ulangi asesmen sekarang")
        yield play


WORDS = (
    "0 1 2 8 zz c0 c7 c9 t3 t999 n-5 u o s id usaha jam warung sendiri toko WIB pemilik pembina yakin M-O2-cek-mutasi"
)
ARGUMENT = st.sampled_from(WORDS.split()) | st.text(
    st.characters(codec="utf-8", exclude_characters="."), min_size=1, max_size=60
)
ANY_BUTTON = st.sampled_from(VERBS).flatmap(
    lambda verb: st.tuples(*[ARGUMENT] * verb.arguments).map(lambda given: ".".join(("1", verb.name, *given)))
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY_BUTTON.filter(lambda data: len(data.encode()) <= LIMIT_BYTES and not data.startswith("1.cz.")))
def test_any_forged_button_gets_a_screen(busy_owner: Stage, data: str) -> None:
    reply = _tapped(busy_owner, data)

    assert reply.screen is not None
    assert 0 < visible_length(reply.screen.text) <= 4096


def test_forged_time_zone_button_gets_a_screen(busy_owner: Stage) -> None:
    reply = _tapped(busy_owner, "1.cz.WIB." + "x" * 55)

    assert reply.screen is not None


def _tapped(play: Stage, data: str) -> Reply:
    """Answer a tap and take everything back that it stored."""
    with closing(Session(play.app.database.engine)) as session:
        return dispatch.respond(
            session,
            Incoming(SARI, "Sari", "id", Tap(1, data)),
            library=play.app.desk.library,
            now=play.clock.now(),
            new_seed=lambda: 1,
            house=House("http://127.0.0.1", "tangga_bot", frozenset()),
        )
