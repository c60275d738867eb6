"""Who is erased for having been away for 24 months, and who is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, SQLModel

from bot.core.answer import Chosen
from bot.core.person import Person, PersonId
from bot.store import people, quarantine, retention
from bot.store.personal import BY_PERSON
from bot.store.tables import GroupCoachRow, GroupRow
from bot.usecases import retention as keeping
from bot.usecases.retention import IDLE_FOR, Purged
from tests import databases
from tests.store.rows import value_for
from tests.usecases.world import START, World

LATER = START + IDLE_FOR + timedelta(days=31)
"""More than 24 months after the whole month in which everybody joins."""
NOT_BY_THEMSELVES = {
    "big_order": "chosen on a day that a lesson or an answer shows too",
    "chat_offer": "lives for minutes",
    "coach_offer": "lives for days",
    "code_guess": "lives for a day",
    "delivery": "sent to them",
    "group_chat": "coaches only",
    "group_coach": "coaches only, who stay",
    "login": "lives for minutes",
    "thread": "has no moment",
}


def _purge(world: World, **how: object) -> Purged:
    return world.do(lambda s: keeping.purge(s, now=LATER, **how))  # type: ignore[arg-type]


def _ids(world: World) -> list[int]:
    return [row[0] for row in databases.rows(world.database, "SELECT telegram_id FROM person ORDER BY id")]


def _someone_with(world: World, telegram_id: int, table: type[SQLModel], moment: str, at: object) -> Person:
    """Let somebody join long ago, and do one thing at a moment."""
    owner = world.joins(telegram_id, "Orang")
    columns = table.__table__.columns  # type: ignore[attr-defined]
    row = {c.name: value_for(c.type) for c in columns if not c.primary_key or c.name != "id"}
    if "id_hash" in row:
        row["id_hash"] = f"h{telegram_id}"
    known = {"person_id": owner.id, "release_id": world.do(lambda s: world.library.current(s).id), moment: at}
    world.do(lambda s: s.execute(table.__table__.insert().values(row | {k: v for k, v in known.items() if k in row})))  # type: ignore[attr-defined]
    return owner


def _with_group(session: Session) -> None:
    session.add(
        GroupRow(id=1, name="K", member_limit=9, token="t", code="c", invitation_ends_at=START, created_at=START)
    )


@pytest.mark.parametrize(
    ("table", "moment"), retention.TRACES, ids=lambda given: getattr(given, "__tablename__", given)
)
def test_who_did_anything_within_24_months_stays(world: World, table: type[SQLModel], moment: str) -> None:
    world.do(_with_group)
    _someone_with(world, 1001, table, moment, LATER - IDLE_FOR)
    _someone_with(world, 1002, table, moment, LATER - IDLE_FOR - timedelta(seconds=1))

    purged = _purge(world)

    assert (purged.people, _ids(world)) == (1, [1001])


def test_answer_within_24_months_counts_although_the_sitting_is_older(world: World) -> None:
    sari = world.joins(1001, "Sari")
    standing = world.begins(sari)
    world.now = LATER - timedelta(days=3)
    world.answers(sari, standing.attempt.id, standing.attempt.slot, Chosen(0))

    assert (_purge(world).people, _ids(world)) == (0, [1001])


def test_who_only_read_in_the_month_24_months_ago_stays(world: World) -> None:
    first = (LATER - IDLE_FOR).replace(day=1)
    for telegram_id, used_at in ((1001, first), (1002, first - timedelta(days=1))):
        owner = world.joins(telegram_id, "Orang")
        world.do(lambda s, of=owner.id, at=used_at: people.note_used(s, of, at))  # type: ignore[misc]

    purged = _purge(world)

    assert (purged.people, _ids(world)) == (1, [1001])


@pytest.mark.parametrize("stays", ["coach", "admin by grant", "admin by settings"])
def test_who_works_without_leaving_traces_stays(world: World, stays: str) -> None:
    joko = world.joins(1001, "Joko")

    def make(session: Session) -> None:
        _with_group(session)
        session.flush()
        session.add(GroupCoachRow(group_id=1, person_id=joko.id, leads=True, added_at=START))

    if stays == "coach":
        world.do(make)
    elif stays == "admin by grant":
        databases.rows(world.database, "UPDATE person SET is_admin = :yes", yes=True)

    purged = _purge(world, admins={1001} if stays == "admin by settings" else ())

    assert (purged, _ids(world)) == (Purged(0, 0, None), [1001])


def test_many_go_a_few_at_a_time(world: World) -> None:
    for number in range(5):
        world.joins(1001 + number, "Orang")
    steps: list[Purged] = [_purge(world, limit=2)]
    while steps[-1].go_on_after is not None:
        steps.append(_purge(world, limit=2, after=steps[-1].go_on_after, admins={1005}))

    assert [(step.people, step.go_on_after) for step in steps] == [(2, PersonId(2)), (2, PersonId(4)), (0, None)]
    assert _ids(world) == [1005]


def test_many_who_stay_are_looked_through_a_few_at_a_time(world: World) -> None:
    for number in range(5):
        world.joins(1001 + number, "Orang")
    stay = {1001, 1002, 1003, 1004}
    steps: list[Purged] = [_purge(world, most=2, admins=stay)]
    while steps[-1].go_on_after is not None:
        steps.append(_purge(world, most=2, after=steps[-1].go_on_after, admins=stay))

    assert [(step.people, step.go_on_after) for step in steps] == [(0, PersonId(2)), (0, PersonId(4)), (1, None)]
    assert _ids(world) == sorted(stay)


def test_raw_updates_go_after_30_days_although_no_other_comes(world: World) -> None:
    def keep(days: float) -> Callable[[Session], None]:
        return lambda s: quarantine.add(
            s,
            update_id=1,
            telegram_id=None,
            payload="{}",
            error="E",
            error_id="e",
            now=LATER - timedelta(days=days),
        )

    world.do(keep(30.1))
    world.do(keep(29.9))

    assert (_purge(world).updates, world.do(quarantine.count)) == (1, 1)


def test_every_table_of_a_person_is_a_trace_or_is_known_to_be_none() -> None:
    traced = {str(table.__tablename__) for table, _ in retention.TRACES}

    assert {str(t.__tablename__) for t in BY_PERSON} == traced | set(NOT_BY_THEMSELVES)
