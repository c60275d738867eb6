"""The one schema of the content: it checks the files, the editor's forms and the releases in the database."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints, UrlConstraints, model_validator

from bot.core.item import Dimension, Format, Status
from bot.core.person import Business

STEM_LIMIT = 350
OPTION_LIMIT = 80
FEEDBACK_LIMIT = 300
CUSTOMER_LIMIT = 200
ALTERNATIVE_LIMIT = 500

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^<>]*$")]
Stem = Annotated[Line, Field(max_length=STEM_LIMIT)]
OptionText = Annotated[Line, Field(max_length=OPTION_LIMIT)]
Feedback = Annotated[Line, Field(max_length=FEEDBACK_LIMIT)]
ItemCode = Annotated[str, StringConstraints(pattern=r"^(O[1-8]|H)-\d{3}$")]
ModuleCode = Annotated[str, StringConstraints(pattern=r"^M-O[1-8]-[a-z0-9-]{2,40}$")]
PictureName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{3,40}$")]
Address = Annotated[HttpUrl, UrlConstraints(allowed_schemes=["https"])]
Score = Annotated[float, Field(ge=0, le=100)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


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


class NumericAnswer(Strict):
    value: int
    low: int
    high: int
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


class ModuleEntry(Strict):
    """The head of a module file, with its cards added by the loader."""

    code: ModuleCode
    dimension: Dimension
    title: Annotated[Line, Field(max_length=60)]
    summary: Annotated[Line, Field(max_length=160)]
    steps_from: Annotated[int, Field(ge=1, le=3)]
    steps_to: Annotated[int, Field(ge=2, le=4)]
    minutes: Annotated[int, Field(ge=1, le=15)]
    act: Annotated[Line, Field(max_length=200)]
    promotion: bool
    sources: tuple[SourceEntry, ...] = ()
    cards: Annotated[tuple[str, ...], Field(min_length=3, max_length=8)]

    @model_validator(mode="after")
    def _code_names_dimension(self) -> Self:
        if not self.code.startswith(f"M-{self.dimension.value}-"):
            raise ValueError(f"kode {self.code} tidak sesuai dengan dimensi {self.dimension.value}")
        return self

    @model_validator(mode="after")
    def _leads_upwards(self) -> Self:
        if self.steps_to <= self.steps_from:
            raise ValueError("steps_to harus lebih tinggi dari steps_from")
        return self


class DimensionEntry(Strict):
    dimension: Dimension
    name: Line
    short_name: Annotated[Line, Field(max_length=24)]
    questions: Annotated[int, Field(ge=1, le=6)]
    asks_confidence: bool = False
    teachability: Annotated[float, Field(gt=0, le=2)] = 1.0


class ModelEntry(Strict):
    discrimination: Annotated[float, Field(gt=0, le=3)]
    correlation: Annotated[float, Field(gt=0, lt=1)]
    difficulty: tuple[float, float, float, float, float]
    step: Annotated[float, Field(ge=0, le=2)]

    @model_validator(mode="after")
    def _difficulties_rise(self) -> Self:
        if list(self.difficulty) != sorted(set(self.difficulty)):
            raise ValueError("difficulty harus naik dari 1 ke 5")
        return self


class LengthEntry(Strict):
    enough_error: Annotated[float, Field(gt=0, lt=1)]
    enough_seen: Annotated[int, Field(ge=1, le=6)]
    confirm_least: Annotated[int, Field(ge=1, le=24)]
    confirm_most: Annotated[int, Field(ge=1, le=24)]
    confirm_days: Annotated[int, Field(ge=1, le=60)]
    check_questions: Annotated[int, Field(ge=1, le=6)]
    check_right: Annotated[int, Field(ge=1, le=6)]

    @model_validator(mode="after")
    def _bounds_agree(self) -> Self:
        if self.confirm_least > self.confirm_most:
            raise ValueError("confirm_least tidak boleh melebihi confirm_most")
        if self.check_right > self.check_questions:
            raise ValueError("check_right tidak boleh melebihi check_questions")
        return self


class FormEntry(Strict):
    code: Annotated[str, StringConstraints(pattern=r"^[a-z]{3,20}$")]
    minutes: Annotated[int, Field(ge=1, le=60)]
    scored_between_habits: Annotated[int, Field(ge=1, le=12)]
    model: ModelEntry
    length: LengthEntry
    dimensions: tuple[DimensionEntry, ...]

    @model_validator(mode="after")
    def _every_dimension_once(self) -> Self:
        if sorted(entry.dimension for entry in self.dimensions) != sorted(Dimension):
            raise ValueError("setiap dimensi O1–O8 harus ada tepat satu kali")
        return self


class LevelEntry(Strict):
    number: Annotated[int, Field(ge=1, le=4)]
    name: Line
    meaning: Line
    cut_score: Score


class ZoneEntry(Strict):
    code: Annotated[str, StringConstraints(pattern=r"^[a-z]{3,12}$")]
    name: Line
    mark: Line
    cut_score: Score


class LevelsEntry(Strict):
    levels: Annotated[tuple[LevelEntry, ...], Field(min_length=2)]
    zones: Annotated[tuple[ZoneEntry, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _cuts_rise(self) -> Self:
        for bands in (self.levels, self.zones):
            cuts = [band.cut_score for band in bands]
            if cuts != sorted(set(cuts)):
                raise ValueError("cut_score harus naik dari tingkat ke tingkat")
        return self


class PrerequisiteEntry(Strict):
    dimension: Dimension
    needs: Dimension
    at_least: Score


class AdviceEntry(Strict):
    ready_cut: Score
    goal_cut: Score
    goal_probability: Annotated[float, Field(gt=0.5, lt=1)]
    level_probability: Annotated[float, Field(gt=0.3, lt=1)]
    zone_probability: Annotated[float, Field(gt=0.3, lt=1)]
    modules_at_once: Annotated[int, Field(ge=1, le=4)]
    retest_days: Annotated[int, Field(ge=7, le=365)]
    retest_modules: Annotated[int, Field(ge=1, le=24)]
    group_fewest: Annotated[int, Field(ge=5, le=50)]
    group_below: Annotated[float, Field(gt=0, lt=1)]
    group_split: Annotated[float, Field(gt=0.64, lt=1)]
    group_part: Annotated[float, Field(gt=0, le=0.5)]
    safety_module: ModuleCode
    warning: Feedback
    prerequisites: tuple[PrerequisiteEntry, ...] = ()
    business_weights: dict[Business, dict[Dimension, Annotated[float, Field(gt=0, le=2)]]] = {}


class ExposureEntry(Strict):
    """The share of sittings that may ask an item, for items that would be met too often; written by `simulate`."""

    admitted: dict[ItemCode, Annotated[float, Field(gt=0, lt=1)]] = {}


class ContentDocument(Strict):
    """Everything a release is made of."""

    form: FormEntry
    levels: LevelsEntry
    advice: AdviceEntry
    exposure: ExposureEntry = ExposureEntry()
    items: tuple[AnyItem, ...]
    modules: tuple[ModuleEntry, ...]
    pictures: dict[PictureName, str] = {}
