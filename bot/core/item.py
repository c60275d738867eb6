"""Items: what is asked, which answers can be given, and what each is worth."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Dimension(StrEnum):
    """The measured areas, of owners (O) and of their coaches (C); names and weights stand in the content.

    LITERACY is what a coach shows in the owners' eight: it has no items of its own.
    """

    DEVICES = "O1"
    SAFETY = "O2"
    ETHICS = "O3"
    PAYMENT = "O4"
    SHOP = "O5"
    RESPONSE = "O6"
    CAPACITY = "O7"
    PROMOTION = "O8"
    LITERACY = "C0"
    DIAGNOSIS = "C1"
    COACHING = "C2"
    READINESS = "C3"
    MONITORING = "C4"
    REFERRAL = "C5"


OWNER_DIMENSIONS = tuple(dimension for dimension in Dimension if dimension.startswith("O"))
COACH_DIMENSIONS = tuple(d for d in Dimension if d.startswith("C") and d is not Dimension.LITERACY)


class Format(StrEnum):
    """How an item is answered."""

    CHOICE = "pilihan"
    PICTURE = "gambar"
    SITUATION = "situasi"
    CONVERSATION = "percakapan"
    ORDER = "urutan"
    NUMBER = "angka"
    MULTIPLE = "ganda"
    HABIT = "kebiasaan"


_PART_CREDIT = (Format.SITUATION, Format.CONVERSATION, Format.ORDER, Format.MULTIPLE)


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
    """A choice; `score` is its points (for MULTIPLE 1 means it belongs to the answer; for HABIT 0 to 3; for ORDER the
    place of this step, counted from 1).
    """

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


@dataclass(frozen=True, slots=True)
class Turn:
    """What a customer writes in a CONVERSATION, and the replies to choose from (points 2, 1 or 0)."""

    customer: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a PICTURE item shows: SVG text, and the same in words for those who cannot see it."""

    svg: str
    alternative: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `dimension` is None only for habits.

    NUMBER and ORDER items have one feedback for right and one for wrong; the others have one for each option.

    `difficulty` is the expert's 1 (easy) to 5; `calibrated` the difficulty in logits found from answers, if any;
    `admitted` the share of sittings that may ask it. A `neutral` item was found faulty after it had been asked: it is
    asked no more, and answers to it count for nothing.
    """

    code: str
    format: Format
    dimension: Dimension | None
    difficulty: int
    status: Status
    stem: str
    options: tuple[Option, ...] = ()
    numeric: NumericKey | None = None
    turns: tuple[Turn, ...] = ()
    drawing: Drawing | None = None
    feedback_right: str = ""
    feedback_wrong: str = ""
    suits: frozenset[str] = frozenset()
    anchor: bool = False
    calibrated: float | None = None
    admitted: float = 1.0
    neutral: bool = False
    supports: Dimension | None = None
    sources: tuple[Source, ...] = ()

    @property
    def is_habit(self) -> bool:
        return self.format is Format.HABIT

    @property
    def is_for_coaches(self) -> bool:
        return self.dimension in COACH_DIMENSIONS

    def is_for(self, business: str | None) -> bool:
        """Tell whether the item suits a kind of business; one that is not told yet rules nothing out."""
        return not self.suits or business is None or business in self.suits

    @property
    def counts(self) -> bool:
        """Tell whether answers to the item say anything about ability."""
        return self.dimension is not None and not self.neutral

    @property
    def max_score(self) -> int:
        """Return the most points a scored item gives: 1, or 2 where part credit exists."""
        return 2 if self.format in _PART_CREDIT else 1

    @property
    def right_ticks(self) -> int:
        """Return the bit mask of the options that belong to the answer of a MULTIPLE item."""
        return sum(1 << index for index, option in enumerate(self.options) if option.score)

    @property
    def right_order(self) -> tuple[int, ...]:
        """Return the options of an ORDER item, counted from 0, in their right order."""
        return tuple(sorted(range(len(self.options)), key=lambda index: self.options[index].score))

    @property
    def asked(self) -> tuple[str, ...]:
        """Return the texts that a person reads before answering."""
        options = [option.text for group in (self.options, *(turn.options for turn in self.turns)) for option in group]
        return (self.stem, *(turn.customer for turn in self.turns), *options)

    @property
    def texts(self) -> tuple[str, ...]:
        """Return every text of the item that a person may read, sources aside."""
        groups = [self.options, *(turn.options for turn in self.turns)]
        options = [text for group in groups for option in group for text in (option.text, option.feedback)]
        customers = [turn.customer for turn in self.turns]
        alternative = [self.drawing.alternative] if self.drawing else []
        found = (self.stem, *alternative, *customers, *options, self.feedback_right, self.feedback_wrong)
        return tuple(text for text in found if text)

    @property
    def fingerprint(self) -> str:
        """Return a digest of what is asked and what is right; feedback and sources may change without it."""
        options = [[(o.text, o.score) for o in group] for group in (self.options, *(t.options for t in self.turns))]
        asked = (self.stem, options, [turn.customer for turn in self.turns], self.numeric, self.drawing)
        return hashlib.blake2b(repr(asked).encode(), digest_size=8).hexdigest()

    @property
    def is_live(self) -> bool:
        """Tell whether the item's status lets it be asked."""
        return self.status in (Status.ACTIVE, Status.WATCH)

    def is_servable(self, today: date) -> bool:
        """Tell whether the item may be asked: live, not neutral, and none of its facts past its review date."""
        return self.is_live and not self.neutral and all(source.review_by >= today for source in self.sources)
