"""A notice that data leaked, as UU 27/2022, article 46, wants it: what is told, and the message that it becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from markupsafe import Markup

from bot.texts import engine, notice
from bot.texts.notice import Fault

PART_LIMIT = 600
"""Characters of one part that the reader sees, so that all of them and their headings fit into one message."""
_BLANK = re.compile(r"\[[^\[\]]*\]")


class Part(StrEnum):
    """What is told, in the words that head it in a file: what was disclosed, when and how, what was done, what people
    can do, and whom to ask.
    """

    DISCLOSED = "apa"
    WHEN_AND_HOW = "kapan_dan_bagaimana"
    DONE = "yang_sudah_dilakukan"
    TO_DO = "yang_bisa_anda_lakukan"
    CONTACT = "kontak"


def faults(text: str) -> list[Fault]:
    """Return why the text of a part cannot be sent as it is."""
    return notice.faults(text, limit=PART_LIMIT)


def blanks(text: str) -> list[str]:
    """Return what still stands in square brackets, to be filled in."""
    return _BLANK.findall(text)


def compose(told: Mapping[Part, str]) -> str:
    """Return the whole message as an announcement is typed: plain, with its few marks."""
    # What is typed is escaped when it is drawn (notice.as_html), and must not be twice.
    values: dict[str, object] = {part: Markup(told[part]) for part in Part}  # noqa: S704
    return str(engine.render("bot.texts", "breach.txt.j2", "id", values))
