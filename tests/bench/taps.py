"""The updates that all contestants get, in the shape and size Telegram sends them."""

from __future__ import annotations

import itertools
import json

TOKEN = "123456:bench"
FIRST_PERSON = 7_000_000
MESSAGE_ID = 1000
STEM = (
    "Pembeli mengirim tangkapan layar bukti transfer, tetapi mutasi belum berubah. Apa yang Anda lakukan lebih dulu? "
)
_numbers = itertools.count(1)


def _user(person: int) -> dict[str, object]:
    return {"id": person, "is_bot": False, "first_name": f"Sari{person}", "language_code": "id"}


def _chat(person: int) -> dict[str, object]:
    return {"id": person, "type": "private", "first_name": f"Sari{person}"}


def tap(person: int, data: str) -> bytes:
    """Return a tap on a button of the person's message, which Telegram sends along whole."""
    keyboard = [[{"text": letter, "callback_data": f"1.an.a1.b.c{i}"} for i, letter in enumerate("ABCD")]]
    message = {
        "message_id": MESSAGE_ID,
        "from": {"id": 123456, "is_bot": True, "first_name": "Tangga", "username": "tangga_bot"},
        "chat": _chat(person),
        "date": 1764000000,
        "text": STEM * 4,
        "entities": [{"type": "bold", "offset": 0, "length": len(STEM)}],
        "reply_markup": {"inline_keyboard": keyboard},
    }
    number = next(_numbers)
    query = {
        "id": str(number),
        "from": _user(person),
        "message": message,
        "chat_instance": "5",
        "data": data,
    }
    return json.dumps({"update_id": number, "callback_query": query}).encode()


def command(person: int, text: str) -> bytes:
    """Return a typed command."""
    number = next(_numbers)
    message = {
        "message_id": MESSAGE_ID - 1,
        "from": _user(person),
        "chat": _chat(person),
        "date": 1764000000,
        "text": text,
        "entities": [{"type": "bot_command", "offset": 0, "length": len(text)}],
    }
    return json.dumps({"update_id": number, "message": message}).encode()
