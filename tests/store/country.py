"""A country of groups and people whose readings are known, and the same sums made plainly, person by person."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from bot.core.item import OWNER_DIMENSIONS
from bot.core.profile import GateColour
from bot.core.programme import Month, Period, Scope, Tally, month_of
from bot.store.tables import AttemptRow, GroupRow, LessonRow, MembershipRow, PersonRow, ReadingRow
from tests.usecases.world import World

PLACES = (
    Scope("Gernas BBI", "32", "3273"),
    Scope("Gernas BBI", "32", "3204"),
    Scope("Gernas BBI", "33", "3374"),
    Scope("Level Up", "32", "3273"),
    Scope("Level Up", "33", ""),
    Scope("", "", ""),
)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass(slots=True)
class Sitting:
    """One sitting: when it ended, or None; and what it said."""

    began: datetime
    ended: datetime | None = None
    level: int = 2
    gate: GateColour = GateColour.YELLOW
    score: float = 50.0
    overall: float = 0.0
    error: float = 0.4


@dataclass(slots=True)
class Someone:
    """A person: the groups, by place and day of joining; the sittings, in order; when a lesson was done."""

    groups: list[tuple[Scope, datetime]]
    sittings: list[Sitting] = field(default_factory=list)
    learnt: datetime | None = None
    waits: bool = False


def finished(place: Scope, score: float = 50.0, at: datetime = JUNE, level: int = 2) -> Someone:
    """Return who is in one group and has one result."""
    return Someone([(place, JUNE)], [Sitting(at - timedelta(minutes=9), at, level=level, score=score)])


def several(count: int, place: Scope, score: float = 50.0, level: int = 2) -> list[Someone]:
    return [finished(place, score, level=level) for _ in range(count)]


def settle(world: World, people: Iterable[Someone], made: Mapping[Scope, datetime] | None = None) -> None:
    """Write everybody into the database; the groups of a place are made as they are needed, on the first of June."""
    with world.database.transaction() as session:
        release = world.library.current(session).id
        groups: dict[Scope, int] = {}

        def group(place: Scope) -> int:
            if place not in groups:
                number = len(groups) + 1
                names = {"programme": place.programme, "province": place.province, "regency": place.regency}
                session.execute(
                    insert(GroupRow),
                    {
                        "id": number,
                        "name": f"Kelompok {number}",
                        "member_limit": 200,
                        "token": f"t{number}",
                        "code": f"c{number}",
                        "approves": False,
                        "invitation_ends_at": JUNE,
                        "created_at": (made or {}).get(place, JUNE),
                    }
                    | {name: value or None for name, value in names.items()},
                )
                groups[place] = number
            return groups[place]

        for place in made or {}:
            group(place)
        attempts = 0
        for number, someone in enumerate(people, start=5000):
            told = {"id": number, "telegram_id": number, "first_name": "Rahasia", "last_typed_id": 0}
            session.execute(insert(PersonRow), {**told, "role": "pemilik", "reachable": True, "created_at": JUNE})
            for place, joined in someone.groups:
                place_of = {"group_id": group(place), "person_id": number, "joined_at": joined}
                told_of = {"shares": True, "muted": False, "waits": someone.waits}
                session.execute(insert(MembershipRow), {**place_of, **told_of})
            for sitting in someone.sittings:
                attempts += 1
                session.execute(insert(AttemptRow), _attempt(attempts, number, sitting, release))
                if sitting.ended:
                    session.execute(insert(ReadingRow), _reading(attempts, number, sitting))
            if someone.learnt:
                lesson = {"module_code": "M", "release_id": release, "opened_at": JUNE, "done_at": someone.learnt}
                session.execute(insert(LessonRow), {"person_id": number, **lesson})


def _attempt(number: int, person: int, sitting: Sitting, release: str) -> dict[str, object]:
    return {
        "id": number,
        "person_id": person,
        "release_id": release,
        "form": "pemilik",
        "seed": 1,
        "status": "finished" if sitting.ended else "stopped",
        "started_at": sitting.began,
        "finished_at": sitting.ended,
        "avoid": "",
        "keep": "",
    }


def _reading(number: int, person: int, sitting: Sitting) -> dict[str, object]:
    told: dict[str, object] = {
        "attempt_id": number,
        "person_id": person,
        "finished_at": sitting.ended,
        "level": sitting.level,
        "overall": sitting.overall,
        "overall_error": sitting.error,
        "gate": sitting.gate,
        "missing": "",
        "contradicts": "",
        "scam_risk": False,
    }
    return told | {d.lower(): sitting.score + n for n, d in enumerate(OWNER_DIMENSIONS)}


def crowd(seed: int, count: int = 60) -> list[Someone]:
    """Return people of every kind: in no, one, or several groups, some waiting, with none to three sittings."""
    chance = random.Random(seed)

    def day(least: float = 0, most: float = 120) -> datetime:
        return JUNE + timedelta(days=chance.uniform(least, most))

    def sittings() -> Iterator[Sitting]:
        at = day(-30)
        for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
            ended = at + timedelta(minutes=20) if chance.random() < 0.85 else None
            gate, level = chance.choice([*GateColour]), chance.randint(1, 4)
            yield Sitting(at, ended, level, gate, chance.uniform(20, 80), chance.gauss(0, 1), chance.uniform(0.2, 0.6))
            at += timedelta(days=chance.uniform(1, 60))

    return [
        Someone(
            [(place, day(-40)) for place in chance.sample(PLACES, chance.choice((0, 1, 1, 1, 1, 2, 3)))],
            list(sittings()),
            day() if chance.random() < 0.4 else None,
            waits=chance.random() < 0.1,
        )
        for _ in range(count)
    ]


def plainly(people: Iterable[Someone], scope: Scope, period: Period, month: Month | None = None) -> Tally:
    """Sum a scope up person by person; with a month what fell into it alone."""
    begins, ends = (month.begins, month.later(1).begins) if month else (period.begins, period.ends)

    def inside(moment: datetime | None) -> bool:
        return moment is not None and moment < ends and (begins is None or moment >= begins)

    found = Tally(levels=(0,) * 4, gates=(0,) * 3, scores=(0.0,) * 8)
    for one in people:
        joined = [at for place, at in one.groups if at < period.ends and scope in set(place.around())]
        if not joined or one.waits:
            continue
        first = min(at for _, at in one.groups if at < period.ends)
        is_new = month is None or month_of(first) == month
        results = [s for s in one.sittings if inside(s.ended)]
        begun = any(inside(s.began) for s in one.sittings)
        found = found.plus(Tally(members=int(is_new), begun=int(begun)))
        if results:
            found = found.plus(_result(one, results[-1], period))
    return found


def _result(one: Someone, latest: Sitting, period: Period) -> Tally:
    first = next(s for s in one.sittings if s.ended)
    again = first is not latest
    return Tally(
        results=1,
        learnt=int(one.learnt is not None and one.learnt < period.ends),
        retested=int(again),
        levels=tuple(int(latest.level == n) for n in range(1, 5)),
        gates=tuple(int(latest.gate is colour) for colour in GateColour),
        scores=tuple(latest.score + n for n in range(8)),
        grown=latest.overall - first.overall if again else 0.0,
        grown_squared=latest.error**2 + first.error**2 if again else 0.0,
    )
