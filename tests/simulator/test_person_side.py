"""What a person does, and what a bad network makes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.simulator.api import BotApi
from bot.simulator.chats import Network
from bot.simulator.errors import NotPossible
from tests.simulator.support import SARI, call, keyboard, kinds, send, started_api


def pending(api: BotApi) -> list[dict[str, object]]:
    """Return what the bot would receive now."""
    return [update.body() for update in api.updates.waiting(api.clock.now())]


def test_person_sends_a_command() -> None:
    api = started_api()

    message_id = api.person_sends(SARI, " /start abc ")

    (update,) = pending(api)
    message = update["message"]
    assert isinstance(message, dict)
    assert (message["message_id"], message["text"]) == (message_id, "/start abc")
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["from"]["language_code"] == "id"


def test_person_sends_nothing() -> None:
    with pytest.raises(NotPossible):
        started_api().person_sends(SARI, "  ")


def test_person_taps_only_what_a_message_held() -> None:
    api = started_api()
    message_id = send(api, reply_markup=keyboard("a").to_json())
    call(api, "editMessageText", chat_id=SARI, message_id=message_id, text="lain")

    api.person_taps(SARI, message_id, "a")
    api.person_taps(SARI, message_id, "palsu", forge=True)
    with pytest.raises(NotPossible):
        api.person_taps(SARI, message_id, "palsu")

    assert [update["callback_query"]["data"] for update in pending(api)] == ["a", "palsu"]  # type: ignore[index]


def test_tap_on_a_deleted_message_comes_without_its_text() -> None:
    api = started_api()
    message_id = send(api, reply_markup=keyboard("a").to_json())
    call(api, "deleteMessage", chat_id=SARI, message_id=message_id)

    api.person_taps(SARI, message_id, "a")

    query = pending(api)[0]["callback_query"]
    assert isinstance(query, dict)
    assert query["message"]["date"] == 0
    assert "text" not in query["message"]


def test_blocking_and_unblocking_are_told_to_the_bot() -> None:
    api = started_api()
    api.person_blocks(SARI)
    api.person_blocks(SARI)
    with pytest.raises(NotPossible):
        api.person_sends(SARI, "halo")
    api.person_unblocks(SARI)

    changes = [update["my_chat_member"]["new_chat_member"]["status"] for update in pending(api)]  # type: ignore[index]
    assert changes == ["kicked", "member"]


def test_cut_off_phone_shows_and_sends_nothing_until_connected() -> None:
    api = started_api()
    message_id = send(api, "satu", reply_markup=keyboard("a").to_json())
    before = api.bytes_sent(SARI)
    api.set_network(SARI, Network(cut_off=True))

    call(api, "editMessageText", chat_id=SARI, message_id=message_id, text="dua")
    api.person_taps(SARI, message_id, "a")
    api.person_sends(SARI, "halo")

    assert [message.text for message in api.phone_messages(SARI)] == ["/start", "satu", "halo"]
    assert [message.text for message in api.messages(SARI)] == ["/start", "dua"]
    assert (pending(api), api.bytes_sent(SARI)) == ([], before)

    api.clock.advance(timedelta(hours=1))
    api.set_network(SARI, Network())

    assert kinds(pending(api)) == ["callback_query", "message"]
    assert [message.text for message in api.phone_messages(SARI)] == ["/start", "dua", "halo"]
    assert api.bytes_sent(SARI) == before + len("dua")


def test_doubled_network_repeats_under_new_ids() -> None:
    api = started_api()
    message_id = send(api, reply_markup=keyboard("a").to_json())
    api.set_network(SARI, Network(doubled=True))

    query_id = api.person_taps(SARI, message_id, "a")
    sent = api.person_sends(SARI, "halo")

    first, second, third, fourth = pending(api)
    assert [update["update_id"] for update in (second, third, fourth)] == [
        int(str(first["update_id"])) + step for step in (1, 2, 3)
    ]
    ids = [update["callback_query"]["id"] for update in (first, second)]  # type: ignore[index]
    assert ids[0] == query_id != ids[1]
    assert [update["message"]["message_id"] for update in (third, fourth)] == [sent, sent]  # type: ignore[index]


def test_listeners_hear_changes_of_their_chat_only() -> None:
    api = started_api()
    heard: list[str] = []
    stop = api.listeners.subscribe(SARI, lambda: heard.append("sari"))
    api.listeners.subscribe(2001, lambda: heard.append("joko"))

    send(api)
    stop()
    send(api)

    assert heard == ["sari"]
