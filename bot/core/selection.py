"""Which item comes next: balanced over the form, telling most at the ability, the same again from the same seed.

Of the three items that tell most one is taken by the seed (randomesque exposure control, Kingsbury & Zara 1989), and an
item that would be met too often is held back in a share of the sittings (Sympson & Hetter 1985).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.core.ability import Abilities, Posterior, posterior
from bot.core.answer import Answer, score
from bot.core.bands import call_zone, is_settled
from bot.core.item import Dimension, Format, Item
from bot.core.release import Release
from bot.core.response_model import information

BEST_OF = 3

Asked = Sequence[tuple[Item, Answer]]


@dataclass(frozen=True, slots=True)
class Course:
    """What fixes which items a sitting asks; stored with it, so that it can be replayed.

    `avoid` are codes of the last sitting, asked again only where nothing else is left, and in a check never; `keep`
    those of its items that link the two sittings. With `focus` the sitting is a short check of that dimension or area.
    `confirm_from` is how many answers there were when the sitting was taken up again to settle its result.
    """

    seed: int
    today: date
    business: str | None = None
    avoid: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()
    focus: Dimension | None = None
    confirm_from: int | None = None


class Purpose(StrEnum):
    """Why a question is asked at all."""

    HABIT = "habit"
    BALANCE = "balance"
    SETTLE = "settle"
    CHECK = "check"


class Concession(StrEnum):
    """What had to be given up for an item, the worst first."""

    SECOND_SUM = "second_sum"
    LAST_SITTING = "last_sitting"
    JUMP = "jump"
    HELD_BACK = "held_back"


@dataclass(frozen=True, slots=True)
class Choice:
    """The item for the next slot and why it was chosen.

    `theta` is the ability its dimension was thought to have, in logits, `information` what the item tells there, `rank`
    its place among the `pool` items that could have been taken.
    """

    item: Item
    purpose: Purpose
    theta: float = 0.0
    information: float = 0.0
    rank: int = 1
    pool: int = 1
    links: bool = False
    concessions: tuple[Concession, ...] = ()


def next_item(release: Release, course: Course, asked: Asked) -> Item | None:
    """Choose the item for the next slot, or None when enough was asked; `asked` holds the slots so far in order."""
    found = choose(release, course, asked)
    return found.item if found else None


def choose(release: Release, course: Course, asked: Asked) -> Choice | None:
    """Choose the item for the next slot with the reasons; the same arguments always give the same choice."""
    scored = [pair for pair in asked if pair[0].counts]
    habits = () if course.focus else release.habits[sum(item.is_habit for item, _ in asked) :]
    habits_asked = len(release.habits) - len(habits)
    if habits and habits_asked <= len(scored) // release.form.scored_between_habits:
        return Choice(habits[0], Purpose.HABIT)
    known = posterior(scored, release.model)
    purpose, dimensions = _aim(release, course, asked, scored, known)
    pool = min(_pools(_Desk(release, course, scored, known), dimensions), key=lambda pool: pool.given_up, default=None)
    if pool is not None:
        return _best(release, course, purpose, pool)
    return Choice(habits[0], Purpose.HABIT) if habits else None


def linking_items(asked: Asked, *, seed: int) -> frozenset[str]:
    """Return one item of each dimension of an earlier sitting to link a retest: an anchor, else one not right yet."""
    found: dict[Dimension, Item] = {}
    scored = [(item, score(item, answer) < item.max_score) for item, answer in asked if item.counts]
    for item, _ in sorted(scored, key=lambda pair: (not pair[0].anchor, not pair[1], _chance(seed, pair[0].code))):
        assert item.dimension is not None
        found.setdefault(item.dimension, item)
    return frozenset(item.code for item in found.values())


def most_questions(release: Release, course: Course) -> int:
    """Return how many questions this part of the sitting has at most, habits included."""
    length = release.form.length
    if course.focus is not None:
        return length.check_questions
    return length.confirm_most if course.confirm_from is not None else session_length(release)


def session_length(release: Release) -> int:
    """Return how many questions a whole sitting has at most, habits included."""
    return release.form.scored_count + len(release.habits)


def can_settle(release: Release, course: Course, asked: Asked, abilities: Abilities) -> bool:
    """Tell whether more questions are left and would help: the level or a zone is not settled yet."""
    if course.focus is not None or course.confirm_from is not None or is_settled(abilities, release):
        return False
    seen = {item.code for item, _ in asked}
    servable = [item for items in release.servable(course.today).values() for item in items]
    left = [item for item in servable if item.code not in seen and item.is_for(course.business)]
    return len(left) >= release.form.length.confirm_least


def _aim(
    release: Release, course: Course, asked: Asked, scored: Asked, known: Posterior
) -> tuple[Purpose, Sequence[Dimension]]:
    """Return what the next question is for and its dimensions, the most wanted first; none where enough was asked."""
    length = release.form.length
    counts = Counter(item.dimension for item, _ in scored)
    if course.focus is not None:
        parts = release.form.area(course.focus).parts if len(scored) < length.check_questions else ()
        return Purpose.CHECK, sorted(parts, key=lambda d: (counts[d], _chance(course.seed, d)))
    if course.confirm_from is None:
        over = _is_enough(release, counts, known)
        return Purpose.BALANCE, [] if over else _most_behind(release, counts, course.seed)
    more = len(scored) - sum(item.counts for item, _ in asked[: course.confirm_from])
    abilities = known.abilities()
    over = more >= length.confirm_most or (more >= length.confirm_least and is_settled(abilities, release))
    return Purpose.SETTLE, [] if over else _most_doubtful(release, abilities)


def _is_enough(release: Release, counts: Counter[Dimension | None], known: Posterior) -> bool:
    """Tell whether the sitting may end before the form is complete."""
    length = release.form.length
    seen = all(counts[plan.dimension] >= min(length.enough_seen, plan.questions) for plan in release.form.dimensions)
    return seen and known.overall().standard_error <= length.enough_error


def _most_behind(release: Release, counts: Counter[Dimension | None], seed: int) -> list[Dimension]:
    open_plans = [plan for plan in release.form.dimensions if counts[plan.dimension] < plan.questions]
    open_plans.sort(key=lambda plan: (counts[plan.dimension] / plan.questions, _chance(seed, plan.dimension)))
    return [plan.dimension for plan in open_plans]


def _most_doubtful(release: Release, abilities: Abilities) -> list[Dimension]:
    """Return the dimensions of the area whose zone is least certain first, and so on; within an area likewise."""

    def doubt(dimension: Dimension) -> tuple[float, str]:
        return call_zone(abilities.of(dimension), release.zones).probability, dimension

    areas = sorted(release.form.areas, key=lambda area: doubt(area.dimension))
    return [dimension for area in areas for dimension in sorted(area.parts, key=doubt)]


GivenUp = tuple[bool, bool, bool, bool, int, bool]
"""The four concessions, then the rank of the dimension and whether the link to the last sitting is missing."""


@dataclass(frozen=True, slots=True)
class _Pool:
    items: list[Item]
    given_up: GivenUp
    theta: float


@dataclass(frozen=True, slots=True)
class _Desk:
    """What choosing looks at."""

    release: Release
    course: Course
    scored: Asked
    known: Posterior

    def theta(self, dimension: Dimension) -> float:
        """Return the present estimate; before any answer, an ability to which easy items fit."""
        if self.scored:
            return self.known.theta(dimension)
        return sum(self.release.model.difficulty[:2]) / 2


def _pools(desk: _Desk, dimensions: Sequence[Dimension]) -> Iterator[_Pool]:
    """Yield for each dimension the items that give up least, up to the first that needs no concession: what follows is
    wanted less.
    """
    seen = {item.code for item, _ in desk.scored}
    if desk.course.focus is not None:
        seen |= desk.course.avoid
    for rank, dimension in enumerate(dimensions):
        servable = desk.release.servable(desk.course.today).get(dimension, ())
        here = [item for item in servable if item.code not in seen and item.is_for(desk.course.business)]
        if here:
            price = _price(desk, dimension, rank)
            prices = [price(item) for item in here]
            least = min(prices)
            items = [item for item, given_up in zip(here, prices, strict=True) if given_up == least]
            yield _Pool(items, least, desk.theta(dimension))
            if not any(least[: len(Concession)]):
                return


def _price(desk: _Desk, dimension: Dimension, rank: int) -> Callable[[Item], GivenUp]:
    """Return what an item of this dimension gives up."""
    course, model, known = desk.course, desk.release.model, desk.release.parameters
    after_sum = bool(desk.scored) and desk.scored[-1][0].format is Format.NUMBER
    reach = desk.theta(dimension) + (model.difficulty[-1] - model.difficulty[0]) / (len(model.difficulty) - 1)
    return lambda item: (
        after_sum and item.format is Format.NUMBER,
        item.code in course.avoid,
        known[item.code].b > reach,
        _is_held_back(item, course),
        rank,
        item.code not in course.keep,
    )


def _is_held_back(item: Item, course: Course) -> bool:
    """Tell whether this sitting is one of those that do without the item, for it would be met too often; what links
    two sittings is asked all the same.
    """
    if item.admitted >= 1 or item.code in course.keep:
        return False
    return int.from_bytes(_chance(course.seed, f"{item.code} held back")) >= item.admitted * 2**64


def _best(release: Release, course: Course, purpose: Purpose, pool: _Pool) -> Choice:
    told = {item.code: information(release.parameters[item.code], pool.theta) for item in pool.items}
    drawn = {item.code: _chance(course.seed, item.code) for item in pool.items}
    best = sorted(pool.items, key=lambda item: (-told[item.code], drawn[item.code]))
    taken = min(best[:BEST_OF], key=lambda item: drawn[item.code])
    return Choice(
        item=taken,
        purpose=purpose,
        theta=pool.theta,
        information=told[taken.code],
        rank=best.index(taken) + 1,
        pool=len(best),
        links=taken.code in course.keep,
        concessions=tuple(c for c, given in zip(Concession, pool.given_up, strict=False) if given),
    )


def _chance(seed: int, code: str) -> bytes:
    return hashlib.blake2b(f"{seed}:{code}".encode(), digest_size=8).digest()
