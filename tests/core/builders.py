"""Small worlds for the tests of the core: items of every format, a form, a release, and the real content."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import permutations, product
from pathlib import Path

from hypothesis import settings

from bot.content.load import load
from bot.content.release import freeze, thaw
from bot.content.schema import ContentDocument
from bot.core.answer import Answer, Chosen, Ordered, Replied, Ticked, Typed, Unknown, score
from bot.core.attempt import Attempt, AttemptId, AttemptStatus, Confidence, Response
from bot.core.item import (
    COACH_DIMENSIONS,
    OWNER_DIMENSIONS,
    Dimension,
    Drawing,
    Format,
    Item,
    NumericKey,
    Option,
    Source,
    Status,
    Turn,
)
from bot.core.person import PersonId, Role
from bot.core.release import (
    AdviceRules,
    Area,
    Blueprint,
    DimensionPlan,
    Form,
    Length,
    Level,
    Module,
    Prerequisite,
    Release,
    ZoneBand,
)
from bot.core.response_model import Model
from bot.core.selection import Course, next_item

CONTENT = Path(__file__).parents[2] / "content"
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TODAY = NOW.date()
MODEL = Model(discrimination=1.2, correlation=0.6, difficulty=(-1.8, -0.9, 0.0, 0.9, 1.8), step=0.6)
CALM = settings(deadline=None, max_examples=40)
FEW = settings(deadline=None, max_examples=20)

Pair = tuple[Item, Answer]


@cache
def real_document() -> ContentDocument:
    """Return what the files in `content/` say."""
    return load(CONTENT)


@cache
def real_release() -> Release:
    """Return the release that the files in `content/` make."""
    return thaw(*freeze(real_document()))


def source(review_by: date) -> Source:
    return Source("Kabar", "https://contoh.id/", date(2025, 1, 1), review_by)


def item(
    code: str,
    format: Format = Format.CHOICE,
    *,
    difficulty: int = 3,
    status: Status = Status.ACTIVE,
    suits: frozenset[str] = frozenset(),
    sources: tuple[Source, ...] = (),
) -> Item:
    """Return a scored item; its code names its dimension. A is the best of a choice and of each reply, A and C belong
    to a tick list, the right order of steps is C, A, B, D.
    """
    scores = {
        Format.CHOICE: (1, 0, 0, 0),
        Format.PICTURE: (1, 0, 0, 0),
        Format.SITUATION: (2, 1, 0, 0),
        Format.MULTIPLE: (1, 0, 1, 0),
        Format.ORDER: (2, 3, 1, 4),
    }
    has_two_verdicts = format in (Format.NUMBER, Format.ORDER)
    replies = tuple(Option(f"balasan {points}", points, f"saran {points}") for points in (2, 1, 0))
    return Item(
        code,
        format,
        Dimension(code[:2]),
        difficulty,
        status,
        f"Soal {code}",
        tuple(Option(f"pilihan {i}", points, f"saran {i}") for i, points in enumerate(scores.get(format, ()))),
        NumericKey(100, 95, 105, "rupiah") if format is Format.NUMBER else None,
        (Turn("Masih ada?", replies), Turn("Bisa besok?", replies)) if format is Format.CONVERSATION else (),
        Drawing("<svg/>", "sebuah gambar") if format is Format.PICTURE else None,
        feedback_right="betul" if has_two_verdicts else "",
        feedback_wrong="hitung lagi" if has_two_verdicts else "",
        suits=suits,
        sources=sources,
    )


def habit(code: str, supports: Dimension | None = Dimension.RESPONSE) -> Item:
    options = tuple(Option(f"kebiasaan {value}", value, "") for value in (3, 2, 1, 0))
    return Item(code, Format.HABIT, None, 1, Status.ACTIVE, f"Soal {code}", options, supports=supports)


def module(code: str, *, steps_from: int = 1, promotion: bool = False, sources: tuple[Source, ...] = ()) -> Module:
    """Return a lesson; its code, as M-O2-contoh, names its dimension."""
    dimension = Dimension(code[2:4])
    return Module(
        code, dimension, code, "ringkas", steps_from, steps_from + 1, 4, "lakukan", promotion, sources, ("a", "b", "c")
    )


LEVELS = (
    Level(1, "Benih", "satu", 0),
    Level(2, "Tunas", "dua", 38),
    Level(3, "Tumbuh", "tiga", 50),
    Level(4, "Berbuah", "empat", 63),
)
ZONES = (ZoneBand("dulu", "dulu", "-", 0), ZoneBand("cukup", "cukup", "=", 50), ZoneBand("kuat", "kuat", "+", 63))
RULES = AdviceRules(
    ready_cut=50,
    goal_cut=50,
    goal_probability=0.6,
    level_probability=0.75,
    zone_probability=0.6,
    modules_at_once=2,
    retest_days=30,
    retest_modules=3,
    group_fewest=5,
    group_below=0.4,
    group_split=0.8,
    group_part=0.25,
    safety_module="M-O2-aman",
    warning="Cek dulu.",
    prerequisites=(Prerequisite(Dimension.PROMOTION, Dimension.SHOP, 50),),
    business_weights={"kuliner": {Dimension.CAPACITY: 1.5}},
)
ASKING = (Dimension.SAFETY, Dimension.RESPONSE)
LENGTH = Length(
    enough_error=0.0,
    enough_seen=1,
    confirm_least=4,
    confirm_most=8,
    confirm_days=7,
    check_questions=3,
    check_right=2,
)
"""No sitting of a small form ends early: its standard error never comes down to 0."""


def form(questions: int = 2, *, between: int = 4, length: Length = LENGTH) -> Form:
    plans = tuple(DimensionPlan(d, d.name, d.name, questions, d in ASKING, 1.0) for d in OWNER_DIMENSIONS)
    return Form("kecil", 5, between, length, plans)


def with_length(pinned: Release, length: Length) -> Release:
    """Return the release with another length of its sittings."""
    return replace(pinned, form=replace(pinned.form, length=length))


def in_full(pinned: Release) -> Release:
    """Return the release with a form that is always asked to its end."""
    return with_length(pinned, replace(pinned.form.length, enough_error=0.0))


def coach_form(*, own: int = 2, borrowed: int = 1, difficulty_from: int = 1, length: Length = LENGTH) -> Form:
    """Return a small form of coaches: their own five dimensions, and the owners' eight under one name."""
    plans = form(borrowed).dimensions
    eight = tuple(replace(plan, difficulty_from=difficulty_from) for plan in plans)
    five = tuple(DimensionPlan(d, d.name, d.name, own, False, 1.0) for d in COACH_DIMENSIONS)
    literacy = Area(Dimension.LITERACY, "LITERACY", "LITERACY", 1.0, OWNER_DIMENSIONS)
    return Form("pelatih", 5, 0, length, (*five, *eight), (literacy,))


COACH_MODEL = replace(MODEL, areas={Dimension.LITERACY: OWNER_DIMENSIONS, **{d: (d,) for d in COACH_DIMENSIONS}})
COACH_LEVELS = tuple(replace(level, name=f"Pembina {level.number}") for level in LEVELS)


def with_coaches(pinned: Release, shape: Form | None = None) -> Release:
    """Return a release of owners that holds the coaches' form, too."""
    forms = {
        Role.OWNER: Blueprint(pinned.form, pinned.levels, pinned.model),
        Role.COACH: Blueprint(shape or coach_form(), COACH_LEVELS, COACH_MODEL),
    }
    return replace(pinned, forms=forms)


def bank(
    per_dimension: int = 4, format: Format = Format.CHOICE, dimensions: Sequence[Dimension] = OWNER_DIMENSIONS
) -> tuple[Item, ...]:
    """Return items of difficulty 1, 2, 3 … for every dimension."""
    return tuple(
        item(f"{d.value}-{n:03}", format, difficulty=(n - 1) % 5 + 1)
        for d in dimensions
        for n in range(1, 1 + per_dimension)
    )


def release(
    items: Sequence[Item] | None = None,
    *,
    modules: Sequence[Module] = (),
    shape: Form | None = None,
    levels: tuple[Level, ...] = LEVELS,
    zones: tuple[ZoneBand, ...] = ZONES,
    rules: AdviceRules = RULES,
) -> Release:
    chosen = bank() if items is None else tuple(items)
    return Release("kecil", MODEL, shape or form(), levels, zones, rules, chosen, tuple(modules))


def response(slot: int, of: Item, given: Answer, confidence: Confidence | None = None) -> Response:
    return Response(slot, of.code, given, NOW, confidence)


def attempt(
    *responses: Response,
    current: str | None = None,
    status: AttemptStatus = AttemptStatus.ACTIVE,
    course: Course | None = None,
    lesson: str | None = None,
) -> Attempt:
    finished_at = NOW if status is not AttemptStatus.ACTIVE else None
    return Attempt(
        id=AttemptId(1),
        person_id=PersonId(1),
        release_id="kecil",
        status=status,
        started_at=NOW,
        current_item=current,
        course=course or Course(7, TODAY),
        responses=responses,
        finished_at=finished_at,
        lesson=lesson,
    )


def sitting(
    pairs: Sequence[Pair],
    confidence: Confidence | None = None,
    *,
    course: Course | None = None,
    lesson: str | None = None,
) -> Attempt:
    """Return a finished attempt with these answers."""
    given = [response(slot, of, answer, confidence) for slot, (of, answer) in enumerate(pairs, start=1)]
    return attempt(*given, status=AttemptStatus.FINISHED, course=course, lesson=lesson)


def possible_answers(of: Item) -> tuple[Answer, ...]:
    """Return one answer for everything a person can do with an item."""
    chosen: tuple[Answer, ...] = tuple(Chosen(index) for index in range(len(of.options)))
    match of.format:
        case Format.HABIT:
            return chosen
        case Format.NUMBER:
            assert of.numeric is not None
            return (Typed(of.numeric.value), Typed(of.numeric.high + 1), Unknown())
        case Format.MULTIPLE:
            return (*(Ticked(mask) for mask in range(1, 1 << len(of.options))), Unknown())
        case Format.ORDER:
            return (*(Ordered(sequence) for sequence in permutations(range(len(of.options)))), Unknown())
        case Format.CONVERSATION:
            turns = [range(len(turn.options)) for turn in of.turns]
            return (*(Replied(picks) for picks in product(*turns)), Unknown())
        case _:
            return (*chosen, Unknown())


def best(of: Item) -> Answer:
    return max(possible_answers(of), key=lambda given: score(of, given))


def worst(of: Item) -> Answer:
    return min(possible_answers(of), key=lambda given: (score(of, given), isinstance(given, Unknown)))


def unknown(of: Item) -> Answer:
    return Chosen(0) if of.is_habit else Unknown()


def mixed(seed: int) -> Callable[[Item], Answer]:
    """Return a person who answers anything at all, the same way every time."""

    def pick(of: Item) -> Answer:
        return random.Random(f"{seed}:{of.code}").choice(possible_answers(of))

    return pick


def played(pinned: Release, answering: Callable[[Item], Answer], course: Course) -> list[Pair]:
    """Play a whole sitting and return what was asked and answered, in order."""
    return go_on(pinned, answering, course, [])


def go_on(pinned: Release, answering: Callable[[Item], Answer], course: Course, asked: Sequence[Pair]) -> list[Pair]:
    """Play a sitting from what was asked so far to its end."""
    pairs = list(asked)
    while (following := next_item(pinned, course, pairs)) is not None:
        pairs.append((following, answering(following)))
    return pairs
