"""Small worlds for the tests of the core: items of every format, a form, a release, and the real content."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from hypothesis import settings

from bot.content.load import load
from bot.content.release import freeze, thaw
from bot.core.answer import Answer, Chosen, Ticked, Typed, Unknown, score
from bot.core.attempt import Attempt, AttemptId, AttemptStatus, Confidence, Response
from bot.core.item import Dimension, Format, Item, NumericKey, Option, Source, Status
from bot.core.person import PersonId
from bot.core.release import AdviceRules, DimensionPlan, Form, Level, Module, Prerequisite, Release, ZoneBand
from bot.core.response_model import Model
from bot.core.selection import next_item

CONTENT = Path(__file__).parents[2] / "content"
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TODAY = NOW.date()
MODEL = Model(discrimination=1.2, correlation=0.6, difficulty=(-1.8, -0.9, 0.0, 0.9, 1.8), step=0.6)
CALM = settings(deadline=None, max_examples=40)
FEW = settings(deadline=None, max_examples=20)

Pair = tuple[Item, Answer]


@cache
def real_release() -> Release:
    """Return the release that the files in `content/` make."""
    return thaw(*freeze(load(CONTENT)))


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
    """Return a scored item; its code names its dimension. A is the best of a choice, A and C belong to a tick list."""
    scores = {Format.CHOICE: (1, 0, 0, 0), Format.SITUATION: (2, 1, 0, 0), Format.MULTIPLE: (1, 0, 1, 0)}
    options = tuple(Option(f"pilihan {i}", points, f"saran {i}") for i, points in enumerate(scores.get(format, ())))
    numeric = NumericKey(100, 95, 105, "rupiah", "betul", "hitung lagi") if format is Format.NUMBER else None
    return Item(
        code, format, Dimension(code[:2]), difficulty, status, f"Soal {code}", options, numeric, suits, sources=sources
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
    zone_probability=0.6,
    modules_at_once=2,
    safety_module="M-O2-aman",
    warning="Cek dulu.",
    prerequisites=(Prerequisite(Dimension.PROMOTION, Dimension.SHOP, 50),),
    business_weights={"kuliner": {Dimension.CAPACITY: 1.5}},
)
ASKING = (Dimension.SAFETY, Dimension.RESPONSE)


def form(questions: int = 2, *, between: int = 4) -> Form:
    plans = tuple(DimensionPlan(d, d.name, d.name, questions, d in ASKING, 1.0) for d in Dimension)
    return Form("kecil", 5, between, plans)


def bank(per_dimension: int = 4, format: Format = Format.CHOICE) -> tuple[Item, ...]:
    """Return items of difficulty 1, 2, 3 … for every dimension."""
    return tuple(
        item(f"{d.value}-{n:03}", format, difficulty=(n - 1) % 5 + 1)
        for d in Dimension
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
    seed: int = 7,
    avoid: frozenset[str] = frozenset(),
    business: str | None = None,
) -> Attempt:
    return Attempt(
        AttemptId(1), PersonId(1), "kecil", seed, status, NOW, current, responses, business=business, avoid=avoid
    )


def sitting(pairs: Sequence[Pair], confidence: Confidence | None = None) -> Attempt:
    """Return a finished attempt with these answers."""
    given = [response(slot, of, answer, confidence) for slot, (of, answer) in enumerate(pairs, start=1)]
    return attempt(*given, status=AttemptStatus.FINISHED)


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


def played(
    pinned: Release,
    answering: Callable[[Item], Answer],
    *,
    seed: int,
    avoid: frozenset[str] = frozenset(),
    business: str | None = None,
    today: date = TODAY,
) -> list[Pair]:
    """Play a whole sitting and return what was asked and answered, in order."""
    asked: list[Pair] = []
    while (
        following := next_item(
            pinned, seed=seed, asked=asked, avoid=avoid, keep=frozenset(), business=business, today=today
        )
    ) is not None:
        asked.append((following, answering(following)))
    return asked
