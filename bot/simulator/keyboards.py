"""Reply markup: its shapes and limits."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.simulator.chats import Button, Rows
from bot.simulator.errors import bad_request
from bot.simulator.params import Params
from bot.texts.markup import CALLBACK_DATA_LIMIT

BUTTONS_LIMIT = 100
ROW_LIMIT = 8
COPY_LIMIT = 256
STYLES = (None, "danger", "success", "primary")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
REPLY_KEYBOARDS = ("keyboard", "remove_keyboard", "force_reply")


def inline_rows(params: Params, *, may_be_reply_keyboard: bool = False) -> Rows:
    """Return the inline keyboard of a call, or raise the error Telegram gives for it."""
    markup = params.mapping("reply_markup")
    if not markup:
        return ()
    if "inline_keyboard" not in markup:
        if may_be_reply_keyboard and any(name in markup for name in REPLY_KEYBOARDS):
            return ()
        raise bad_request(
            "inline keyboard expected" if not may_be_reply_keyboard else "object expected as reply markup"
        )
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be of type Array')
    if sum(len(row) for row in rows) > BUTTONS_LIMIT or any(len(row) > ROW_LIMIT for row in rows):
        raise bad_request("reply markup is too long")
    return tuple(tuple(_button(button) for button in row) for row in rows if row)


def _button(value: object) -> Button:
    if not isinstance(value, dict):
        raise bad_request("inline keyboard button must be an Object")
    text = value.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    style = value.get("style")
    if style not in STYLES:
        raise bad_request("invalid button style specified")
    if "callback_data" in value:
        return Button(text, data=_data(value["callback_data"]), style=style)
    if "url" in value:
        return Button(text, url=_url(value["url"]), style=style)
    if "web_app" in value:
        return Button(text, web_app=_web_app(value["web_app"]), style=style)
    if "copy_text" in value:
        return Button(text, copy_text=_copy_text(value["copy_text"]), style=style)
    raise bad_request("text buttons are unallowed in the inline keyboard")


def _data(data: object) -> str:
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= CALLBACK_DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")
    return data


def _url(url: object) -> str:
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme not in ("http", "https", "tg") or not parts.netloc:
        raise bad_request("BUTTON_URL_INVALID")
    return parts.geturl()


def _web_app(value: object) -> str:
    url = value.get("url", "") if isinstance(value, dict) else ""
    parts = urlsplit(str(url))
    # Telegram wants https; its test environment, and this stand-in on loopback, take http too.
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return str(url)
    raise bad_request(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")


def _copy_text(value: object) -> str:
    text = value.get("text", "") if isinstance(value, dict) else ""
    if not isinstance(text, str) or not 1 <= len(text) <= COPY_LIMIT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return text
