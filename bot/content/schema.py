"""The one schema of the content: it checks the files, the editor's forms and the releases in the database."""

from __future__ import annotations

from typing import Annotated, Self, TypeVar

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from bot.content.item_schema import AnyItem, Feedback, ItemCode, PictureName, SourceEntry
from bot.content.practice_schema import PracticeEntry
from bot.content.strict import Line, Strict
from bot.core.item import COACH_DIMENSIONS, OWNER_DIMENSIONS, Dimension, Format
from bot.core.person import Business, Role
from bot.texts.fixed_parts import changed_parts

ModuleCode = Annotated[str, StringConstraints(pattern=r"^M-(O[1-8]|C[1-5])-[a-z0-9-]{2,40}$")]
Cards = Annotated[tuple[str, ...], Field(min_length=3, max_length=8)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
ShortName = Annotated[Line, Field(max_length=24)]
FormCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{3,20}$")]
Score = Annotated[float, Field(ge=0, le=100)]


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
    cards: Cards
    translations: dict[Language, Cards] = {}

    @model_validator(mode="after")
    def _code_names_dimension(self) -> Self:
        if not self.code.startswith(f"M-{self.dimension.value}-"):
            raise ValueError(f"kode {self.code} tidak sesuai dengan dimensi {self.dimension.value}")
        return self

    @model_validator(mode="after")
    def _translations_are_whole(self) -> Self:
        for language, cards in self.translations.items():
            if len(cards) != len(self.cards):
                raise ValueError(f"terjemahan {language} punya {len(cards)} kartu, seharusnya {len(self.cards)}")
        return self

    @model_validator(mode="after")
    def _leads_upwards(self) -> Self:
        if self.steps_to <= self.steps_from:
            raise ValueError("steps_to harus lebih tinggi dari steps_from")
        return self


class DimensionEntry(Strict):
    dimension: Dimension
    name: Line
    short_name: ShortName
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
    code: FormCode
    minutes: Annotated[int, Field(ge=1, le=60)]
    scored_between_habits: Annotated[int, Field(ge=1, le=12)]
    model: ModelEntry
    length: LengthEntry
    dimensions: tuple[DimensionEntry, ...]

    @model_validator(mode="after")
    def _every_dimension_once(self) -> Self:
        if sorted(entry.dimension for entry in self.dimensions) != sorted(OWNER_DIMENSIONS):
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


Bands = TypeVar("Bands", tuple[LevelEntry, ...], tuple[ZoneEntry, ...])


def _numbers_count_up(levels: tuple[LevelEntry, ...]) -> tuple[LevelEntry, ...]:
    if [level.number for level in levels] != list(range(1, len(levels) + 1)):
        raise ValueError("number harus 1, 2, 3 … berurutan")
    return levels


def _cuts_rise(bands: Bands) -> Bands:
    cuts = [band.cut_score for band in bands]
    if cuts != sorted(set(cuts)):
        raise ValueError("cut_score harus naik dari tingkat ke tingkat")
    return bands


Levels = Annotated[
    tuple[LevelEntry, ...], Field(min_length=2), AfterValidator(_numbers_count_up), AfterValidator(_cuts_rise)
]
Zones = Annotated[tuple[ZoneEntry, ...], Field(min_length=2), AfterValidator(_cuts_rise)]


class LevelsEntry(Strict):
    levels: Levels
    zones: Zones


class LiteracyEntry(Strict):
    """What a coach shows in the owners' dimensions: so many questions of each, none easier than `difficulty_from`."""

    name: Line
    short_name: ShortName
    questions: Annotated[int, Field(ge=1, le=6)]
    difficulty_from: Annotated[int, Field(ge=1, le=5)] = 1
    teachability: Annotated[float, Field(gt=0, le=2)] = 1.0


class CoachEntry(Strict):
    """The coaches' form; the model is that of the owners', and so are the names of their dimensions."""

    code: FormCode
    minutes: Annotated[int, Field(ge=1, le=60)]
    length: LengthEntry
    literacy: LiteracyEntry
    dimensions: tuple[DimensionEntry, ...]
    levels: Levels

    @model_validator(mode="after")
    def _every_dimension_once(self) -> Self:
        if sorted(entry.dimension for entry in self.dimensions) != sorted(COACH_DIMENSIONS):
            raise ValueError("setiap dimensi C1–C5 harus ada tepat satu kali")
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


Step = Annotated[Line, Field(max_length=140)]
Steps = Annotated[tuple[Step, ...], Field(min_length=2, max_length=4)]


class SessionEntry(Strict):
    """The script of about ten minutes with a group, for one dimension of owners."""

    dimension: Dimension
    bring: Annotated[tuple[Annotated[Line, Field(max_length=90)], ...], Field(min_length=1, max_length=3)]
    ask: Annotated[Line, Field(max_length=140)]
    show: Steps
    practise: Steps
    agree: Annotated[Line, Field(max_length=140)]
    watch: Annotated[Line, Field(max_length=180)]
    split: Annotated[Line, Field(max_length=140)]

    @property
    def texts(self) -> tuple[str, ...]:
        """Return every text in reading order."""
        return (*self.bring, self.ask, *self.show, *self.practise, self.agree, self.watch, self.split)


class SessionsEntry(Strict):
    sessions: tuple[SessionEntry, ...]

    @model_validator(mode="after")
    def _every_dimension_once(self) -> Self:
        if sorted(entry.dimension for entry in self.sessions) != sorted(OWNER_DIMENSIONS):
            raise ValueError("setiap dimensi O1–O8 harus ada tepat satu kali")
        return self


class ExposureEntry(Strict):
    """The share of sittings that may ask an item, for items that would be met too often; written by `simulate`."""

    admitted: dict[ItemCode, Annotated[float, Field(gt=0, lt=1)]] = {}


Meaning = Annotated[Line, Field(max_length=160)]


class WordEntry(Strict):
    """A hard word with its meaning in everyday Indonesian, Javanese and Sundanese.

    `hidden_in` names questions whose key the meaning would give away.
    """

    word: Line
    also: tuple[Line, ...] = ()
    hidden_in: tuple[ItemCode, ...] = ()
    id: Meaning
    jv: Meaning
    su: Meaning


class GlossaryEntry(Strict):
    words: tuple[WordEntry, ...] = ()

    @model_validator(mode="after")
    def _forms_differ(self) -> Self:
        forms = [form.casefold() for entry in self.words for form in (entry.word, *entry.also)]
        twice = sorted({form for form in forms if forms.count(form) > 1})
        if twice:
            raise ValueError(f"kata ini ada dua kali: {', '.join(twice)}")
        return self


class RehearsalEntry(Strict):
    """How far a release may fall behind the one before it, as synthetic owners and coaches tell."""

    people: Annotated[int, Field(ge=100, le=1000)] = 400
    reliability_loss: Annotated[float, Field(gt=0, lt=1)] = 0.02
    dimension_loss: Annotated[float, Field(gt=0, lt=1)] = 0.06
    most_asked: dict[Role, Annotated[float, Field(gt=0, le=1)]] = {Role.OWNER: 0.4, Role.COACH: 0.55}


class BankEntry(Strict):
    """What `content check` asks of the whole; no part of a release."""

    items: dict[Dimension, Annotated[int, Field(ge=0)]]
    formats: dict[Format, Annotated[int, Field(ge=0)]]
    keys_on_a_letter: Annotated[float, Field(gt=0.25, lt=1)]
    longest_keys: Annotated[float, Field(gt=0, lt=1)]
    median_sentence: Annotated[int, Field(ge=5, le=40)]
    longest_sentence: Annotated[int, Field(ge=10, le=60)]
    alike: Annotated[float, Field(gt=0, lt=1)]
    warn_days: Annotated[int, Field(ge=0, le=365)]
    rehearsal: RehearsalEntry = RehearsalEntry()


def _fixed_parts_stay(texts: dict[str, str]) -> dict[str, str]:
    for source, said in texts.items():
        if changed_parts(source, said):
            raise ValueError(f"bagian tetap berubah: {source[:60]}")
    return dict(sorted(texts.items()))


Text = Annotated[str, Field(min_length=1)]
Translations = Annotated[dict[Text, Text], AfterValidator(_fixed_parts_stay)]
"""Translated texts of one language, by source text."""


class ContentDocument(Strict):
    """Everything a release is made of; `translations` holds what editors translated, above the catalogue files."""

    form: FormEntry
    levels: LevelsEntry
    coach: CoachEntry | None = None
    advice: AdviceEntry
    exposure: ExposureEntry = ExposureEntry()
    glossary: GlossaryEntry = GlossaryEntry()
    items: tuple[AnyItem, ...]
    modules: tuple[ModuleEntry, ...]
    pictures: dict[PictureName, str] = {}
    practice: PracticeEntry = PracticeEntry()
    sessions: SessionsEntry | None = None
    translations: dict[Language, Translations] = {}
