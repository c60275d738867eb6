"""Telegram groups over the whole road: a coach links one, Monday comes, it moves along, and the bot is put out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.simulator.chats import ChatMessage
from bot.tg.desk import Outcome
from tests.stage import JOKO, RANI, SARI, Stage, buttons

CHAT, OTHER_CHAT = -4001, -4002
HELLO, NEWS = "Halo semua!", "Kabar kelompok Pasar Wage Kebumen"


@pytest.fixture
def filled(play: Stage) -> Stage:
    """Put the demo's group of forty on the stage, with its Telegram group; the clock stands on a Monday at nine."""
    play.fills_with_demo()
    for coach, chat in ((JOKO, CHAT), (RANI, OTHER_CHAT)):
        play.api.person_opens_group(coach, "UMKM Pasar Wage", id=chat)
    play.settle()
    return play


def _payload(play: Stage, coach: int = JOKO) -> str:
    """Return the payload of the link that a coach finds in the settings of the first group."""
    play.says(coach, "/kelompok")
    play.taps(coach, play.labels(coach)[0])
    play.taps(coach, "Atur kelompok")
    play.taps(coach, "Ringkasan ke grup Telegram")
    return (buttons(play.live(coach))[0].url or "").partition("startgroup=")[2]


def _links(play: Stage, chat: int = CHAT) -> None:
    play.api.person_opens_bot_in_group(JOKO, chat, _payload(play))
    assert play.settle() == [Outcome.DONE]


def _heads(play: Stage, chat: int) -> list[str]:
    return [message.text.splitlines()[0].partition(" Kalau")[0] for message in play.api.group_messages(chat)]


def _linked(play: Stage) -> list[int]:
    return [chat for (chat,) in play.rows("SELECT chat_id FROM group_chat ORDER BY chat_id")]


def _outcomes(play: Stage) -> list[str | None]:
    found = play.rows("SELECT outcome FROM delivery WHERE kind = 'mingguan_grup' ORDER BY id")
    return [outcome for (outcome,) in found]


def _last(play: Stage, chat: int) -> ChatMessage:
    return play.api.group_messages(chat)[-1]


def test_monday_brings_sums_to_the_linked_group_and_nothing_more(filled: Stage) -> None:
    _links(filled)
    filled.advance(days=6, hours=23)
    filled.delivers()
    before = _heads(filled, CHAT)
    filled.advance(hours=1)

    filled.delivers()
    filled.delivers()

    post = _last(filled, CHAT)
    assert (before, _heads(filled, CHAT)) == ([HELLO], [HELLO, NEWS])
    assert (filled.clock.now(), _outcomes(filled)) == (datetime(2026, 1, 12, 2, tzinfo=UTC), ["sent"])
    assert [(b.text, b.url, b.data) for b in buttons(post)] == [
        ("Buka chat pribadi", "https://t.me/tanggadigital_bot", None)
    ]
    assert len(post.text) <= 600
    assert "30 orang" in post.text


def test_post_without_news_comes_again_after_four_weeks(filled: Stage) -> None:
    _links(filled)

    for _ in range(6):
        filled.advance(days=7)
        filled.delivers()

    assert _outcomes(filled) == ["sent", *["superseded"] * 3, "sent", "superseded"]


def test_link_works_for_the_coach_who_asked_and_for_an_hour(filled: Stage) -> None:
    payload = _payload(filled)
    for person in (RANI, SARI):
        filled.api.person_opens_bot_in_group(person, CHAT, payload)
    filled.api.person_opens_bot_in_group(JOKO, CHAT, "k" + "A" * 22)
    filled.advance(hours=1)
    filled.api.person_opens_bot_in_group(JOKO, CHAT, payload)

    assert (filled.settle(), _heads(filled, CHAT), _linked(filled)) == ([Outcome.DONE] * 4, [], [])


def test_link_that_comes_twice_links_once(filled: Stage) -> None:
    payload = _payload(filled)
    for chat in (CHAT, CHAT, OTHER_CHAT):
        filled.api.person_opens_bot_in_group(JOKO, chat, payload)

    filled.settle()

    assert (_heads(filled, CHAT), _linked(filled)) == ([HELLO, HELLO], [OTHER_CHAT])


def test_everything_else_in_a_group_is_left_alone(filled: Stage) -> None:
    before = filled.rows("SELECT count(*) FROM quarantine")
    for text in ("halo", "/start", "/start g" + "A" * 22, "/hasil", "1"):
        filled.api.person_says_in_group(JOKO, CHAT, text)
    calls = len(filled.api.calls)

    outcomes = filled.settle()

    assert (outcomes, len(filled.api.calls), filled.rows("SELECT count(*) FROM quarantine")) == (
        [Outcome.DONE] * 5,
        calls,
        before,
    )


def test_tap_in_a_group_points_to_the_private_chat(filled: Stage) -> None:
    filled.api.person_taps_in_group(SARI, CHAT, "1.go")

    filled.settle()

    call = filled.api.calls[-1]
    assert (call.method, call.params["text"]) == ("answerCallbackQuery", "Silakan buka chat pribadi dengan saya.")


def test_put_out_bot_sends_nothing_more(filled: Stage) -> None:
    _links(filled)
    filled.api.person_puts_bot_out(SARI, CHAT)
    filled.settle()
    filled.advance(days=7)

    filled.delivers()

    assert (_linked(filled), _outcomes(filled), _heads(filled, CHAT)) == ([], [], [HELLO])


def test_put_out_that_nobody_told_ends_the_link_and_leaves_the_coach_reachable(filled: Stage) -> None:
    _links(filled)
    filled.api.chat(CHAT).blocked = True
    filled.advance(days=7)

    filled.delivers()

    reachable = filled.rows("SELECT reachable FROM person WHERE telegram_id = :joko", joko=JOKO)
    assert (_linked(filled), _outcomes(filled), [bool(one) for (one,) in reachable]) == ([], ["failed"], [True])


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0,), (1,)])
def test_group_that_becomes_a_supergroup_is_followed(filled: Stage, order: tuple[int, ...]) -> None:
    _links(filled)
    moved = filled.api.group_upgrades(CHAT)
    told = [update.body() for update in filled.api.updates.waiting(filled.clock.now())]
    filled.api.updates.clear()
    for turn in order:
        filled.deliver(told[turn])
    filled.advance(days=7)

    filled.delivers()

    assert (_linked(filled), _heads(filled, moved), _outcomes(filled)) == ([moved], [NEWS], ["sent"])


def test_move_that_only_sending_tells_loses_nothing_and_sends_once(filled: Stage) -> None:
    _links(filled)
    moved = filled.api.group_upgrades(CHAT)
    filled.api.updates.clear()
    filled.advance(days=7)

    filled.delivers()
    filled.delivers()

    assert (_linked(filled), _heads(filled, moved), _outcomes(filled)) == ([moved], [NEWS], ["sent"])


def test_link_in_a_group_that_has_just_moved_says_hello_there(filled: Stage) -> None:
    payload = _payload(filled)
    filled.api.person_opens_bot_in_group(JOKO, CHAT, payload)
    moved = filled.api.group_upgrades(CHAT)

    filled.settle()

    assert (_linked(filled), _heads(filled, moved)) == ([moved], [HELLO])


def test_coach_stops_the_posts_from_the_settings(filled: Stage) -> None:
    _links(filled)
    filled.taps(JOKO, "‹ Kembali ke kelompok")
    filled.taps(JOKO, "Atur kelompok")
    filled.taps(JOKO, "Ringkasan ke grup Telegram")

    filled.taps(JOKO, "Berhenti mengirim ke grup")

    assert (_linked(filled), filled.labels(JOKO)[0]) == ([], "Pilih grup Telegram")
