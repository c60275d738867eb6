"""Opens a Mini App as Telegram does: its address gets the person's data, signed with the bot's token."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from bot.simulator.api import BotApi
from bot.simulator.chats import Person
from bot.simulator.errors import NotPossible
from bot.simulator.wire import Json, unix

VERSION, PLATFORM = "8.0", "android"
THEME = {
    "bg_color": "#ffffff",
    "text_color": "#000000",
    "hint_color": "#707579",
    "link_color": "#2678b6",
    "button_color": "#3390ec",
    "button_text_color": "#ffffff",
    "secondary_bg_color": "#f4f4f5",
    "subtitle_text_color": "#707579",
}


def launch(api: BotApi, user_id: int, message_id: int, url: str) -> str:
    """Return the address that a tap on a Mini App button opens; refuse a button that is not in this person's chat."""
    chat = api.chat(user_id)
    shown = [message for message in chat.shown() if message.message_id == message_id]
    if url not in [button.web_app for message in shown for row in message.keyboard for button in row]:
        raise NotPossible(f"message {message_id} has no such Mini App button")
    given = {
        "tgWebAppData": _signed(api, chat.person),
        "tgWebAppVersion": VERSION,
        "tgWebAppPlatform": PLATFORM,
        "tgWebAppThemeParams": json.dumps(THEME, separators=(",", ":")),
    }
    return f"{url}#{urlencode(given, quote_via=quote, safe='')}"


def _signed(api: BotApi, person: Person) -> str:
    """Return initData for a person as of now. The signature for third parties has its shape but not Telegram's key."""
    fields = {
        "query_id": f"AAH{api.rng.getrandbits(64):016x}",
        "user": _user(person),
        "auth_date": str(unix(api.clock.now())),
        "signature": urlsafe_b64encode(api.rng.randbytes(64)).decode().rstrip("="),
    }
    return urlencode(fields | {"hash": check(fields, api.token)}, quote_via=quote, safe="")


def check(fields: Mapping[str, str], token: str) -> str:
    """Return Telegram's hash over all fields: HMAC-SHA256 of the sorted lines, keyed by that of the token."""
    key = hmac.digest(b"WebAppData", token.encode(), hashlib.sha256)
    lines = "\n".join(sorted(f"{name}={value}" for name, value in fields.items()))
    return hmac.digest(key, lines.encode(), hashlib.sha256).hex()


def _user(person: Person) -> str:
    """Write a person as Telegram does, with the slashes of addresses escaped: what reads it must not write it anew."""
    told: Json = {"id": person.id, "first_name": person.first_name, "last_name": person.last_name}
    if person.username:
        told["username"] = person.username
    told |= {"language_code": person.language_code, "allows_write_to_pm": True}
    told["photo_url"] = f"https://t.me/i/userpic/320/{person.id}.svg"
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/")
