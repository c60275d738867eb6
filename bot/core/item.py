"""Items: what is asked, which answers can be given, and what each is worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Dimension(StrEnum):
    """The measured areas of the owner's assessment; names and weights stand in the content."""

    DEVICES = "O1"
    SAFETY = "O2"
    ETHICS = "O3"
    PAYMENT = "O4"
    SHOP = "O5"
    RESPONSE = "O6"
    CAPACITY = "O7"
    PROMOTION = "O8"


class Format(StrEnum):
    """How an item is answered. To come with the content: percakapan, gambar, urutan."""

    CHOICE = "pilihan"
    SITUATION = "situasi"
    NUMBER = "angka"
    MULTIPLE = "ganda"
    HABIT = "kebiasaan"


class Status(StrEnum):
    DRAFT = "draf"
    REVIEW = "telaah"
    ACTIVE = "aktif"
    WATCH = "pantau"
    RETIRED = "arsip"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read, the day it was true, and the day someone must read it again."""

    title: str
    url: str
    true_on: date
    review_by: date


@dataclass(frozen=True, slots=True)
class Option:
    """A choice; `score` is its points (for MULTIPLE 1 means it belongs to the answer; for HABIT 0 to 3)."""

    text: str
    score: int
    feedback: str


@dataclass(frozen=True, slots=True)
class NumericKey:
    """The right number and the band around it that still counts; `unit` as printed (rupiah, buah, hari, persen,
    menit).
    """

    value: int
    low: int
    high: int
    unit: str
    feedback_right: str
    feedback_wrong: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `dimension` is None only for habits.

    `difficulty` is the expert's 1 (easy) to 5; `calibrated` the difficulty in logits found from answers, if any.
    """

    code: str
    format: Format
    dimension: Dimension | None
    difficulty: int
    status: Status
    stem: str
    options: tuple[Option, ...] = ()
    numeric: NumericKey | None = None
    suits: frozenset[str] = frozenset()
    anchor: bool = False
    calibrated: float | None = None
    supports: Dimension | None = None
    sources: tuple[Source, ...] = ()

    @property
    def is_habit(self) -> bool:
        return self.format is Format.HABIT

    @property
    def max_score(self) -> int:
        """Return the most points a scored item gives: 1, or 2 where part credit exists."""
        return 2 if self.format in (Format.SITUATION, Format.MULTIPLE) else 1

    @property
    def right_ticks(self) -> int:
        """Return the bit mask of the options that belong to the answer of a MULTIPLE item."""
        return sum(1 << index for index, option in enumerate(self.options) if option.score)

    @property
    def is_live(self) -> bool:
        """Tell whether the item's status lets it be asked."""
        return self.status in (Status.ACTIVE, Status.WATCH)

    def is_servable(self, today: date) -> bool:
        """Tell whether the item may be asked: active or watched, and none of its facts past its review date."""
        return self.is_live and all(source.review_by >= today for source in self.sources)
