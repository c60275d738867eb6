"""How a proposed release ends."""

from __future__ import annotations

from enum import StrEnum


class Ending(StrEnum):
    """Released; taken back by a person; or void, because the content was changed after it had been proposed."""

    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    VOID = "void"
