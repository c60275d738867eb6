"""The schema of items and their sources: one class a format."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, HttpUrl, StringConstraints, UrlConstraints, model_validator

from bot.content.strict import Line, Strict
from bot.core.item import Dimension, Format, Status
from bot.core.person import Business

STEM_LIMIT = 350
OPTION_LIMIT = 80
FEEDBACK_LIMIT = 300
CUSTOMER_LIMIT = 200
ALTERNATIVE_LIMIT = 500

Stem = Annotated[Line, Field(max_length=STEM_LIMIT)]
OptionText = Annotated[Line, Field(max_length=OPTION_LIMIT)]
Feedback = Annotated[Line, Field(max_length=FEEDBACK_LIMIT)]
ItemCode = Annotated[str, StringConstraints(pattern=r"^(O[1-8]|C[1-5]|H)-\d{3}$")]
PictureName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{3,40}$")]
Address = Annotated[HttpUrl, UrlConstraints(allowed_schemes=["https"])]


class SourceEntry(Strict):
    title: Line
    url: Address
    true_on: date
    review_by: date

    @model_validator(mode="after")
    def _review_follows(self) -> Self:
        if self.review_by <= self.true_on:
            raise ValueError("review_by harus sesudah true_on")
        return self


class ScoredOption(Strict):
    text: OptionText
    score: Literal[0, 1, 2]
    feedback: Feedback


class TickOption(Strict):
    text: OptionText
    right: bool
    feedback: Feedback


class HabitOption(Strict):
    text: OptionText
    value: Literal[0, 1, 2, 3]


Whole = Annotated[int, Field(strict=True)]
"""A whole number written as such: 14.000 would otherwise be read as fourteen."""


class NumericAnswer(Strict):
    value: Whole
    low: Whole
    high: Whole
    unit: Literal["rupiah", "buah", "hari", "persen", "menit"]

    @model_validator(mode="after")
    def _band_holds_value(self) -> Self:
        if not self.low <= self.value <= self.high:
            raise ValueError("harus berlaku low ≤ value ≤ high")
        return self


class BaseItem(Strict):
    code: ItemCode
    status: Status
    stem: Stem
    suits: tuple[Business, ...] = ()


class ScoredItem(BaseItem):
    dimension: Dimension
    difficulty: Annotated[int, Field(ge=1, le=5)]
    calibrated: Annotated[float, Field(ge=-4, le=4)] | None = None
    anchor: bool = False
    sources: tuple[SourceEntry, ...] = ()

    @model_validator(mode="after")
    def _code_names_dimension(self) -> Self:
        if not self.code.startswith(self.dimension.value):
            raise ValueError(f"kode {self.code} tidak sesuai dengan dimensi {self.dimension.value}")
        return self


class ChoiceItem(ScoredItem):
    format: Literal[Format.CHOICE]
    options: Annotated[tuple[ScoredOption, ...], Field(min_length=4, max_length=4)]

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if sorted(option.score for option in self.options) != [0, 0, 0, 1]:
            raise ValueError("pilihan perlu tepat satu pilihan bernilai 1, lainnya 0")
        return self


class PictureItem(ChoiceItem):
    """A choice about a picture: `picture` names a file of content/pictures, `alternative` says what it shows."""

    format: Literal[Format.PICTURE]  # type: ignore[assignment]
    picture: PictureName
    alternative: Annotated[Line, Field(max_length=ALTERNATIVE_LIMIT)]


class SituationItem(ScoredItem):
    format: Literal[Format.SITUATION]
    options: Annotated[tuple[ScoredOption, ...], Field(min_length=4, max_length=4)]

    @model_validator(mode="after")
    def _best_and_second(self) -> Self:
        scores = [option.score for option in self.options]
        if scores.count(2) != 1 or not 1 <= scores.count(1) <= 2:
            raise ValueError("situasi perlu tepat satu nilai 2, satu atau dua nilai 1, lainnya 0")
        return self


class TurnEntry(Strict):
    customer: Annotated[Line, Field(max_length=CUSTOMER_LIMIT)]
    options: Annotated[tuple[ScoredOption, ...], Field(min_length=3, max_length=3)]

    @model_validator(mode="after")
    def _one_best_reply(self) -> Self:
        if [option.score for option in self.options].count(2) != 1:
            raise ValueError("tiap giliran perlu tepat satu balasan bernilai 2, lainnya 1 atau 0")
        return self


class ConversationItem(ScoredItem):
    format: Literal[Format.CONVERSATION]
    turns: Annotated[tuple[TurnEntry, ...], Field(min_length=2, max_length=3)]


class StepEntry(Strict):
    text: OptionText
    place: Annotated[int, Field(ge=1, le=4)]


class OrderItem(ScoredItem):
    """Steps as they are shown, each with its right place."""

    format: Literal[Format.ORDER]
    steps: Annotated[tuple[StepEntry, ...], Field(min_length=3, max_length=4)]
    feedback_right: Feedback
    feedback_wrong: Feedback

    @model_validator(mode="after")
    def _every_place_once_and_mixed(self) -> Self:
        places = [step.place for step in self.steps]
        if sorted(places) != list(range(1, len(places) + 1)) or places == sorted(places):
            raise ValueError("place perlu memuat 1, 2, 3 … tepat sekali, dan langkahnya ditulis teracak")
        return self


class MultipleItem(ScoredItem):
    format: Literal[Format.MULTIPLE]
    options: Annotated[tuple[TickOption, ...], Field(min_length=4, max_length=5)]

    @model_validator(mode="after")
    def _some_right(self) -> Self:
        if not 2 <= sum(option.right for option in self.options) <= 3:
            raise ValueError("ganda perlu dua atau tiga pilihan yang benar")
        return self


class NumberItem(ScoredItem):
    format: Literal[Format.NUMBER]
    answer: NumericAnswer
    feedback_right: Feedback
    feedback_wrong: Feedback


class HabitItem(BaseItem):
    format: Literal[Format.HABIT]
    supports: Dimension
    options: Annotated[tuple[HabitOption, ...], Field(min_length=3, max_length=5)]


AnyScoredItem = ChoiceItem | PictureItem | SituationItem | ConversationItem | OrderItem | MultipleItem | NumberItem
AnyItem = Annotated[AnyScoredItem | HabitItem, Field(discriminator="format")]
