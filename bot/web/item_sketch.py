"""A question as far as it is written, so that it can be looked at before it is whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.core.item import Dimension, Drawing, Format, Item, NumericKey, Option, Source, Status, Turn
from bot.core.person import Business

JSON = Any
MISSING = "…"
"""Stands where nothing is written yet."""
MOST_OPTIONS = 8
"""Options of one list that the chat has letters for."""


def sketch(payload: JSON, pictures: Mapping[str, str]) -> Item:
    """Return a question from JSON that may be wrong; what is missing or no number is left open."""
    format = Format(payload["format"])
    said = payload.get("dimension")
    picture = pictures.get(str(payload.get("picture")))
    return Item(
        code=str(payload["code"]),
        format=format,
        dimension=Dimension(said) if said in set(Dimension) else None,
        difficulty=1,
        status=Status.DRAFT,
        stem=_text(payload["stem"]),
        options=_options(payload[asked]) if (asked := _ASKED.get(format, "options")) else (),
        numeric=_numeric(payload["answer"]) if format is Format.NUMBER else None,
        turns=_turns(payload["turns"]) if format is Format.CONVERSATION else (),
        drawing=Drawing(picture, _text(payload["alternative"])) if picture else None,
        feedback_right=_text(payload["feedback_right"]) if "feedback_right" in payload else "",
        feedback_wrong=_text(payload["feedback_wrong"]) if "feedback_wrong" in payload else "",
        suits=frozenset(payload["suits"]) & frozenset(Business),
        sources=tuple(source for entry in payload.get("sources", ()) if (source := _source(entry))),
    )


_ASKED: Mapping[Format, str] = {Format.ORDER: "steps", Format.NUMBER: "", Format.CONVERSATION: ""}
"""Where a question keeps what is chosen from, unless in its options."""


def _turns(entries: Any) -> tuple[Turn, ...]:
    found = tuple(Turn(_text(turn["customer"]), _options(turn["options"])) for turn in entries)
    return found or (Turn(MISSING, _options(())),)


def _text(said: JSON) -> str:
    return said if isinstance(said, str) and said else MISSING


def _number(said: JSON) -> int:
    return said if isinstance(said, int) else 0


def _options(entries: Any) -> tuple[Option, ...]:
    found = tuple(
        Option(_text(entry["text"]), _points(entry), _text(entry["feedback"]) if "feedback" in entry else "")
        for entry in entries[:MOST_OPTIONS]
    )
    return found or (Option(MISSING, 0, MISSING),)


def _points(entry: Mapping[str, JSON]) -> int:
    return next((_number(entry[name]) for name in ("score", "right", "value", "place") if name in entry), 0)


def _numeric(answer: Mapping[str, JSON]) -> NumericKey:
    value, low, high = (_number(answer[name]) for name in ("value", "low", "high"))
    return NumericKey(value, low, high, _text(answer["unit"]))


def _source(entry: Mapping[str, JSON]) -> Source | None:
    """Return a source that can be shown; None for one that is not whole yet."""
    try:
        read, again = date.fromisoformat(entry["true_on"]), date.fromisoformat(entry["review_by"])
    except (TypeError, ValueError):
        return None
    is_address = entry["url"].startswith("https://")
    return Source(entry["title"], entry["url"], read, again) if is_address and entry["title"] else None
