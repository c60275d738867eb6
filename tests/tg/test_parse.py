"""Telegram's JSON as events: every kind that means something, and those that are left alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bot.chat.in_group import GroupEvent, Linking, Moved, PutOut
from bot.chat.incoming import Incoming, Reachability, Tap, Typed
from bot.tg.parse import ALLOWED_UPDATES, UnreadableUpdate, parse

Json = dict[str, object]
SENT_AT = datetime(2026, 11, 24, 3, 0, 7, tzinfo=UTC)
SARI: Json = {"id": 1001, "is_bot": False, "first_name": "Sari", "language_code": "id"}
BOT: Json = {"id": 7, "is_bot": True, "first_name": "Tangga"}
PRIVATE: Json = {"id": 1001, "type": "private"}
GROUP: Json = {"id": -100, "type": "supergroup", "title": "UMKM"}
CHANNEL: Json = {"id": -200, "type": "channel", "title": "Kabar"}


def _message(text: str | None = None, *, length: int = 0, extra: Json | None = None) -> Json:
    message: Json = {"message_id": 5, "date": int(SENT_AT.timestamp()), "from": SARI, "chat": PRIVATE}
    if text is not None:
        message["text"] = text
    if length:
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
    return {"update_id": 1, "message": message | (extra or {})}


def _tap(data: str | None = "1.cu", message: Json | None = None, **extra: object) -> Json:
    query: Json = {"id": "77", "from": SARI, "chat_instance": "x"}
    if data is not None:
        query["data"] = data
    if message is not None:
        query["message"] = message
    return {"update_id": 1, "callback_query": query | extra}


def _member(status: str, chat: Json = PRIVATE) -> Json:
    sides = {"old_chat_member": {"user": BOT, "status": "x"}, "new_chat_member": {"user": BOT, "status": status}}
    return {"update_id": 1, "my_chat_member": {"chat": chat, "from": SARI, "date": 1, **sides}}


def _event(update: Json) -> Tap | Typed | Reachability | None:
    incoming = parse(json.dumps(update)).incoming
    return incoming.event if incoming else None


@pytest.mark.parametrize(
    ("update", "command", "argument"),
    [
        (_message("/start", length=6), "start", ""),
        (_message("/start"), "start", ""),
        (_message("/START", length=6), "start", ""),
        (_message("/start@tanggadigital_bot", length=24), "start", ""),
        (_message("/start@tanggadigital_bot kelas7", length=24), "start", "kelas7"),
        (_message("/start kelas-7_a", length=6), "start", "kelas-7_a"),
        (_message("/start   " + "x" * 80, length=6), "start", "x" * 64),
        (_message("/tidakada", length=9), "tidakada", ""),
        (_message("/a\0b", length=3), "ab", ""),
    ],
)
def test_command(update: Json, command: str, argument: str) -> None:
    event = _event(update)

    assert isinstance(event, Typed)
    assert (event.command, event.argument) == (command, argument)


@pytest.mark.parametrize(
    "text", ["halo", "14rb", "/", "/ start", "/123", "a /start", "", "Sari 😀", "\u202eterbalik", "x" * 4096]
)
def test_text_that_is_no_command(text: str) -> None:
    assert _event(_message(text)) == Typed(5, text, SENT_AT, None, "")


def test_command_in_the_middle_is_no_command() -> None:
    entity = {"type": "bot_command", "offset": 5, "length": 6}

    assert _event(_message("ketik /start", extra={"entities": [entity]})) == Typed(5, "ketik /start", SENT_AT)


def test_text_loses_its_nul() -> None:
    assert _event(_message("ha\0lo")) == Typed(5, "halo", SENT_AT)


def test_name_language_and_button_lose_their_nul() -> None:
    sender = SARI | {"first_name": "Sa\0ri", "language_code": "\0"}
    update = _tap("1.c\0u", {"message_id": 5, "chat": PRIVATE}, **{"from": sender})

    assert parse(json.dumps(update)).incoming == Incoming(1001, "Sari", None, Tap(5, "1.cu"))


@pytest.mark.parametrize("extra", [{"sticker": {"file_id": "x"}}, {"photo": []}, {"voice": {}}, {"contact": {}}])
def test_message_without_text_is_an_empty_text(extra: Json) -> None:
    assert _event(_message(extra=extra)) == Typed(5, "", SENT_AT)


def test_person_comes_with_name_and_language() -> None:
    assert parse(json.dumps(_message("halo"))).incoming == Incoming(1001, "Sari", "id", Typed(5, "halo", SENT_AT))


def test_person_without_language() -> None:
    update = _message("halo", extra={"from": {"id": 2**52, "is_bot": False, "first_name": ""}})

    assert parse(json.dumps(update)).incoming == Incoming(2**52, "", None, Typed(5, "halo", SENT_AT))


@pytest.mark.parametrize(
    ("update", "event"),
    [
        (_tap("1.hs", {"message_id": 9, "date": 1, "chat": PRIVATE, "from": BOT, "text": "x"}), Tap(9, "1.hs")),
        (_tap("1.hs", {"message_id": 9, "date": 0, "chat": PRIVATE}), Tap(9, "1.hs")),
        (_tap(None, {"message_id": 9, "date": 1, "chat": PRIVATE}), Tap(9, "")),
        (_tap("1.hs"), None),
        (_tap("1.hs", None, inline_message_id="x"), None),
        (_tap("1.hs", {"message_id": 9, "date": 1, "chat": GROUP}), None),
        (_tap("1.hs", {"message_id": 9, "date": 1, "chat": CHANNEL}), None),
    ],
)
def test_tap(update: Json, event: Tap | None) -> None:
    assert _event(update) == event
    assert parse(json.dumps(update)).callback_id == "77"


@pytest.mark.parametrize(
    ("status", "reachable"), [("kicked", False), ("left", False), ("member", True), ("administrator", True)]
)
def test_membership(status: str, reachable: bool) -> None:
    assert _event(_member(status)) == Reachability(reachable)


@pytest.mark.parametrize(
    ("update", "event"),
    [
        (_message("/start@tangga_bot kabc", length=17, extra={"chat": GROUP}), Linking(-100, 1001, "kabc")),
        (_message("/start kabc", extra={"chat": GROUP | {"type": "group"}}), Linking(-100, 1001, "kabc")),
        (_message(extra={"chat": GROUP, "migrate_to_chat_id": -1005}), Moved(-100, -1005)),
        (_message(extra={"chat": GROUP, "migrate_from_chat_id": -5, "from": None}), Moved(-5, -100)),
        (_member("left", GROUP), PutOut(-100)),
        (_member("kicked", GROUP), PutOut(-100)),
        (_member("member", GROUP), None),
        (_member("left", CHANNEL), None),
        (_member("left"), None),
        (_message("/start", extra={"chat": GROUP}), None),
        (_message("/mulai kabc", extra={"chat": GROUP}), None),
        (_message("halo", extra={"chat": GROUP}), None),
        (_message("/start kabc", extra={"chat": GROUP, "from": BOT}), None),
        (_message("/start kabc", extra={"chat": GROUP, "from": None}), None),
        (_message("/start kabc", extra={"chat": CHANNEL}), None),
        (_message("/start kabc"), None),
        (_message(extra={"migrate_to_chat_id": -1005}), None),
    ],
)
def test_group_of_several_people(update: Json, event: GroupEvent | None) -> None:
    found = parse(json.dumps(update))

    assert found.in_group == event
    assert found.incoming is None or event is None


@pytest.mark.parametrize(
    "update",
    [
        _message("halo", extra={"chat": GROUP}),
        _message("/start", length=6, extra={"chat": GROUP}),
        _message("halo", extra={"chat": CHANNEL}),
        _message("halo", extra={"from": BOT}),
        {"update_id": 1, "message": {"message_id": 5, "date": 1, "chat": PRIVATE, "text": "tanpa pengirim"}},
        _member("member", GROUP),
        _member("kicked", CHANNEL),
        {"update_id": 1},
        {"update_id": 1, "edited_message": _message("halo")["message"]},
        {"update_id": 1, "poll_answer": {"poll_id": "1"}},
        {"update_id": 1, "a_kind_of_tomorrow": {"deep": [{}]}},
    ],
)
def test_update_that_is_left_alone(update: Json) -> None:
    parsed = parse(json.dumps(update))

    assert (parsed.incoming, parsed.callback_id) == (None, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"5",
        b'"halo"',
        b"{}",
        b'{"update_id": "1"}',
        b'{"update_id": 1.5}',
        b'{"update_id": true}',
        b'{"update_id": null}',
        b"\xff\xfe",
        b'{"update_id": 1, "message": []}',
        b'{"update_id": 1, "message": {}}',
        b'{"update_id": 1, "message": {"message_id": "5", "chat": {"id": 1, "type": "private"}}}',
        b'{"update_id": 1, "message": {"message_id": 5, "chat": {"id": 99999999999999999999, "type": "private"}}}',
        b'{"update_id": 1, "message": {"message_id": 5, "chat": {"id": 1, "type": "private"}, "text": {"a": 1}}}',
        b'{"update_id": 1, "message": {"message_id": 5, "chat": {"id": 1, "type": "private"}, "text": "\\ud800"}}',
        b'{"update_id": 1, "callback_query": {"id": 7}}',
        b'{"update_id": 1, "my_chat_member": {"chat": {"id": 1, "type": "private"}}}',
        b"[" * 100_000,
    ],
    ids=range(21),
)
def test_malformed_update_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableUpdate):
        parse(body)


def test_unreadable_update_does_not_repeat_what_was_written() -> None:
    with pytest.raises(UnreadableUpdate) as refused:
        parse('{"update_id": "rahasia"}')

    assert "rahasia" not in str(refused.value)


def test_kinds_asked_for_are_the_kinds_read() -> None:
    assert ALLOWED_UPDATES == ("message", "callback_query", "my_chat_member")
