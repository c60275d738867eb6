"""How a text of a call becomes what is stored: parse mode, trimming, limits, and what Telegram recognises by itself."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.simulator.errors import bad_request
from bot.simulator.params import Params
from bot.texts.markup import CAPTION_LIMIT, MESSAGE_LIMIT, Entity, Formatted, MarkupError, parse, utf16_length

ENTITIES_KEPT = 100
COMMAND = re.compile(r"(?<![\w/@<>])/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")
URL = re.compile(r"\bhttps?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


def message_text(params: Params) -> Formatted:
    """Return the text of a message to send or edit, 1–4096 code points after parsing."""
    if not params.text("text"):
        raise bad_request("message text is empty")
    formatted = _read(params, "text", "entities")
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if len(formatted.text) > MESSAGE_LIMIT:
        raise bad_request("message is too long")
    return formatted


def caption(params: Params) -> Formatted:
    """Return the caption of a picture or file, at most 1024 code points after parsing."""
    formatted = _read(params, "caption", "caption_entities")
    if len(formatted.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return formatted


def recognised(text: str) -> tuple[Entity, ...]:
    """Return the commands and web addresses in a plain text."""
    found = [(match, "bot_command") for match in COMMAND.finditer(text)]
    found += [(match, "url") for match in URL.finditer(text)]
    return tuple(
        Entity(kind, utf16_length(text[: match.start()]), utf16_length(match.group()))
        for match, kind in sorted(found, key=lambda pair: pair[0].start())
    )


def _read(params: Params, name: str, entities_name: str) -> Formatted:
    mode = params.text("parse_mode").lower()
    source = params.text(name)
    if mode == "html":
        try:
            formatted = parse(source)
        except MarkupError as error:
            raise bad_request(str(error)) from None
    elif mode in ("", "none"):
        formatted = Formatted(source, tuple(_entity(value) for value in params.sequence(entities_name) or ()))
    elif mode in ("markdown", "markdownv2"):
        raise bad_request("the simulator reads only HTML; Telegram would read Markdown too")
    else:
        raise bad_request("unsupported parse_mode")
    return _with_recognised(_trimmed(formatted))


def _entity(value: object) -> Entity:
    if not isinstance(value, dict):
        raise bad_request("can't parse entities: expected an Object")
    kind, offset, length, url = (value.get(name) for name in ("type", "offset", "length", "url"))
    if not (isinstance(kind, str) and isinstance(offset, int) and isinstance(length, int)):
        raise bad_request("can't parse entities: expected type, offset and length")
    return Entity(kind, offset, length, url if isinstance(url, str) else None)


def _trimmed(formatted: Formatted) -> Formatted:
    """Drop the space around a text, as Telegram does, and move the entities with it."""
    text = formatted.text.strip()
    lead = utf16_length(formatted.text[: len(formatted.text) - len(formatted.text.lstrip())])
    total = utf16_length(text)
    entities = []
    for entity in formatted.entities:
        start = max(entity.offset - lead, 0)
        end = min(entity.offset + entity.length - lead, total)
        if end > start:
            entities.append(replace(entity, offset=start, length=end - start))
    return Formatted(text, tuple(entities))


def _with_recognised(formatted: Formatted) -> Formatted:
    closed = [e for e in formatted.entities if e.type in ("code", "pre", "text_link")]
    extra = [
        found
        for found in recognised(formatted.text)
        if not any(e.offset < found.offset + found.length and found.offset < e.offset + e.length for e in closed)
    ]
    merged = sorted((*formatted.entities, *extra), key=lambda e: (e.offset, -e.length))
    return Formatted(formatted.text, tuple(merged[:ENTITIES_KEPT]))
