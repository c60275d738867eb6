"""What a person says of trying a lesson's act, asked some days after the lesson."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Tried(StrEnum):
    """Whether an act was tried: yes; not yet; or it does not fit this business."""

    YES = "sudah"
    NOT_YET = "belum"
    NOT_FOR_ME = "bukan"


@dataclass(frozen=True, slots=True)
class ActReport:
    """The latest word on one act, and when it was said."""

    module_code: str
    tried: Tried
    said_at: datetime
