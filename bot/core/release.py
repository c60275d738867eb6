"""A release: the immutable snapshot of everything that decides what is asked, scored and advised."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from bot.core.glossary import Glossary, Word
from bot.core.item import Dimension, Item, Source
from bot.core.person import Role
from bot.core.probe import Probe
from bot.core.response_model import Model, Parameters, parameters

KEPT_DAYS = 32
"""Days for which a release keeps what may be asked: those on which the sittings under way began."""


@dataclass(frozen=True, slots=True)
class DimensionPlan:
    """How one dimension is named and treated; `questions` is its share of a session, none easier than
    `difficulty_from` in the expert's view.
    """

    dimension: Dimension
    name: str
    short_name: str
    questions: int
    asks_confidence: bool
    teachability: float
    difficulty_from: int = 1

    def takes(self, item: Item) -> bool:
        """Tell whether the item is one of those that this dimension is measured by."""
        return item.dimension is self.dimension and item.difficulty >= self.difficulty_from


@dataclass(frozen=True, slots=True)
class Area:
    """What a result shows as one: a dimension by itself, or several (`parts`) under one name."""

    dimension: Dimension
    name: str
    short_name: str
    teachability: float
    parts: tuple[Dimension, ...]


@dataclass(frozen=True, slots=True)
class Length:
    """When a sitting has asked enough.

    It may end once every dimension was asked `enough_seen` times and the overall standard error (population standard
    deviations) is at most `enough_error`. Settling a result takes `confirm_least` to `confirm_most` more questions and
    is offered for `confirm_days`. A check asks `check_questions` of one dimension, and `check_right` right ones pass.
    """

    enough_error: float
    enough_seen: int
    confirm_least: int
    confirm_most: int
    confirm_days: int
    check_questions: int
    check_right: int


@dataclass(frozen=True, slots=True)
class Form:
    """The blueprint of a session: a habit question opens it and follows every `scored_between_habits` scored ones, none
    where that is 0. `grouped` are the areas of several dimensions.
    """

    code: str
    minutes: int
    scored_between_habits: int
    length: Length
    dimensions: tuple[DimensionPlan, ...]
    grouped: tuple[Area, ...] = ()

    @property
    def scored_count(self) -> int:
        return sum(plan.questions for plan in self.dimensions)

    def plan(self, dimension: Dimension) -> DimensionPlan:
        """Return the plan of a dimension; every dimension has one."""
        return next(plan for plan in self.dimensions if plan.dimension is dimension)

    @property
    def areas(self) -> tuple[Area, ...]:
        """Return what a result shows, in order."""
        inside = {part for area in self.grouped for part in area.parts}
        return (*self.grouped, *(self.area(plan.dimension) for plan in self.dimensions if plan.dimension not in inside))

    def area(self, dimension: Dimension) -> Area:
        """Return the area of this name; a dimension within one is an area by itself, too."""
        for area in self.grouped:
            if area.dimension is dimension:
                return area
        plan = self.plan(dimension)
        return Area(dimension, plan.name, plan.short_name, plan.teachability, (dimension,))

    def shown_in(self, dimension: Dimension) -> Area:
        """Return the area in which a result shows a measured dimension."""
        return next(area for area in self.areas if dimension in area.parts)

    def measures(self, dimension: Dimension) -> bool:
        """Tell whether the form has this dimension or area."""
        return dimension in (*(area.dimension for area in self.grouped), *(plan.dimension for plan in self.dimensions))


@dataclass(frozen=True, slots=True)
class Level:
    """A band of the scale; `cut_score` is where it begins."""

    number: int
    name: str
    meaning: str
    cut_score: float


@dataclass(frozen=True, slots=True)
class ZoneBand:
    """A coarse band of one dimension; `mark` is the small picture beside its name."""

    code: str
    name: str
    mark: str
    cut_score: float


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """Lessons of `dimension` wait until `needs` stands at `at_least` on the scale."""

    dimension: Dimension
    needs: Dimension
    at_least: float


@dataclass(frozen=True, slots=True)
class AdviceRules:
    """Thresholds of the rules R0 to R10, versioned with the content.

    A retest is due after `retest_days` or `retest_modules` lessons done. Of a group with at least `group_fewest`
    results, a topic is one in which the share `group_below` is below `goal_cut`; the group is shown as two where two
    means explain the share `group_split` of its variance and each part holds the share `group_part`.
    """

    ready_cut: float
    goal_cut: float
    goal_probability: float
    level_probability: float
    zone_probability: float
    modules_at_once: int
    retest_days: int
    retest_modules: int
    group_fewest: int
    group_below: float
    group_split: float
    group_part: float
    safety_module: str
    warning: str
    prerequisites: tuple[Prerequisite, ...]
    business_weights: Mapping[str, Mapping[Dimension, float]]


@dataclass(frozen=True, slots=True)
class Module:
    """A lesson: cards (templates) that lead to one act in one's own shop.

    `promotion` marks lessons on selling online or advertising, which wait for the gate; `steps_from` is the level
    they start at.
    """

    code: str
    dimension: Dimension
    title: str
    summary: str
    steps_from: int
    steps_to: int
    minutes: int
    act: str
    promotion: bool
    sources: tuple[Source, ...]
    cards: tuple[str, ...]
    translations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def cards_in(self, language: str) -> tuple[str, ...]:
        """Return the cards in a language, in Indonesian where there is no translation; always as many."""
        return self.translations.get(language, self.cards)

    def is_current(self, today: date) -> bool:
        """Tell whether every fact of the lesson is still within its review date."""
        return all(source.review_by >= today for source in self.sources)


@dataclass(frozen=True, slots=True)
class SessionScript:
    """About ten minutes with a group: what the coach brings, asks, shows, lets everybody practise and agrees with them.

    `watch` is a common misunderstanding with a kind answer; `split` is what those do meanwhile who can already.
    """

    bring: tuple[str, ...]
    ask: str
    show: tuple[str, ...]
    practise: tuple[str, ...]
    agree: str
    watch: str
    split: str


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What each form has of its own."""

    form: Form
    levels: tuple[Level, ...]
    model: Model


@dataclass(frozen=True)
class Release:
    """The items, form, levels, zones, rules and modules that an attempt pins; `id` is the digest of its content.

    It is seen under one form; `forms` holds them all, by who takes them. In releases from before the coaches' form that
    one is missing; those from before the scripts of group sessions have no `sessions`. `translations` are texts by
    language and source text.
    """

    id: str
    model: Model
    form: Form
    levels: tuple[Level, ...]
    zones: tuple[ZoneBand, ...]
    rules: AdviceRules
    items: tuple[Item, ...]
    modules: tuple[Module, ...]
    probes: tuple[Probe, ...] = ()
    glossary: Glossary = field(default_factory=lambda: Glossary(()), compare=False)
    forms: Mapping[Role, Blueprint] = field(default_factory=dict)
    sessions: Mapping[Dimension, SessionScript] = field(default_factory=dict)
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def under(self, form: Role) -> Release:
        """Return the same release under the form of owners or coaches, made once and kept; a form that it does not hold
        leaves it as it is.
        """
        return self if form not in self.forms or self.forms[form].form == self.form else self._views[form]

    @cached_property
    def _views(self) -> Mapping[Role, Release]:
        return {
            role: replace(self, form=own.form, levels=own.levels, model=own.model) for role, own in self.forms.items()
        }

    def without(self, neutral: Set[tuple[str, str]]) -> Release:
        """Return the release with these questions, by code and fingerprint, counting for nothing."""
        if not neutral:
            return self
        items = tuple(replace(i, neutral=True) if (i.code, i.fingerprint) in neutral else i for i in self.items)
        return replace(self, items=items)

    @cached_property
    def item_by_code(self) -> Mapping[str, Item]:
        return {item.code: item for item in self.items}

    @cached_property
    def hard_words(self) -> Mapping[str, tuple[Word, ...]]:
        """Return by item code the hard words of what is asked, without those that the item asks for."""
        found = {item.code: self.glossary.words_in(item.asked) for item in self.items}
        return {code: tuple(word for word in words if code not in word.hidden_in) for code, words in found.items()}

    @cached_property
    def module_by_code(self) -> Mapping[str, Module]:
        return {module.code: module for module in self.modules}

    @cached_property
    def habits(self) -> tuple[Item, ...]:
        if not self.form.scored_between_habits:
            return ()
        return tuple(item for item in self.items if item.is_habit and item.is_live)

    @cached_property
    def scored(self) -> tuple[Item, ...]:
        """Return the scored items that the form may ask; those of other forms are left out."""
        return tuple(item for item in self.items if any(plan.takes(item) for plan in self.form.dimensions))

    @cached_property
    def parameters(self) -> Mapping[str, Parameters]:
        """Return the parameters of the scored items by code."""
        return {item.code: parameters(item, self.model) for item in self.scored}

    def servable(self, today: date) -> Mapping[Dimension | None, tuple[Item, ...]]:
        """Return by dimension the scored items that may be asked on a day, in their order; a few days are kept."""
        found = self._servable.get(today)
        if found is None:
            lists: dict[Dimension | None, list[Item]] = {}
            for item in self.scored:
                if item.is_servable(today):
                    lists.setdefault(item.dimension, []).append(item)
            if len(self._servable) == KEPT_DAYS:
                self._servable.clear()
            found = self._servable[today] = {dimension: tuple(items) for dimension, items in lists.items()}
        return found

    @cached_property
    def _servable(self) -> dict[date, Mapping[Dimension | None, tuple[Item, ...]]]:
        return {}
