"""What is due is leased by its lane first, one message a person, through the index, however much lies behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, insert

from bot.core.delivery import LANES, DeliveryId, Kind
from bot.core.person import PersonId
from bot.store import leases
from bot.store.leases import WAITED_FOR, Leased
from bot.store.session import Database
from bot.store.tables import DeliveryRow, PersonRow
from tests import databases
from tests.databases import rows

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FIRST_BOT, OTHER_BOT = 11, 22


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = databases.opened(tmp_path / "bot.db")
    yield opened
    opened.close()


def joins(database: Database, first: int, last: int, bot_id: int | None = None) -> None:
    """Bring in people with these numbers."""
    told = {"first_name": "Sari", "last_typed_id": 0, "created_at": NOW, "reachable": True, "bot_id": bot_id}
    with database.transaction() as session:
        session.execute(insert(PersonRow), [{**told, "id": n, "telegram_id": n} for n in range(first, last + 1)])


def owes(database: Database, *owed: tuple[int, str], due_at: datetime = NOW) -> None:
    """Owe people messages of some kind, each due a minute before the one before it."""
    ((known,),) = rows(database, "SELECT count(*) FROM delivery")
    told = {"sender_name": "", "created_at": NOW}
    made = [
        {**told, "person_id": person, "kind": kind, "key": str(known + n), "due_at": due_at - n * MINUTE}
        for n, (person, kind) in enumerate(owed)
    ]
    with database.transaction() as session:
        session.execute(insert(DeliveryRow), made)


def lease(
    database: Database,
    *,
    now: datetime = NOW,
    most: int = 100,
    batch: int = 1,
    bots: tuple[int, ...] = (FIRST_BOT, OTHER_BOT),
) -> list[Leased]:
    with database.transaction() as session:
        return leases.lease(session, now=now, until=now + MINUTE, most=most, batch=batch, bots=bots)


def leased(database: Database, *, now: datetime = NOW, most: int = 100) -> list[tuple[str, int]]:
    """Lease and return the kinds and readers of what was leased."""
    told = {one: (kind, person) for one, kind, person in rows(database, "SELECT id, kind, person_id FROM delivery")}
    return [told[one.id] for one in lease(database, now=now, most=most)]


def rest(database: Database, bot_id: int, until: datetime) -> None:
    with database.transaction() as session:
        leases.rest(session, bot_id, until)


def release(database: Database, one: Leased, due_at: datetime | None = None) -> None:
    with database.transaction() as session:
        leases.release(session, one.id, one.tries, due_at)


def is_held(database: Database, delivery_id: DeliveryId, tries: int) -> bool:
    with database.transaction() as session:
        return leases.hold(session, delivery_id, tries, at_least=NOW, until=NOW + 2 * MINUTE) is not None


def test_every_kind_is_in_one_lane() -> None:
    assert sorted(kind for lane in LANES for kind in lane) == sorted(Kind)


def test_lanes_go_before_age_and_age_counts_within_a_lane(database: Database) -> None:
    joins(database, 1, 6)
    owes(database, (1, "masuk"), (2, "diterima"), (3, "pelajaran"), (4, "harian"), (5, "ingatkan"), (6, "pengumuman"))

    found = lease(database)

    assert [(one.id, one.tries, one.lane) for one in found] == [
        (2, 1, 0),
        (1, 1, 0),
        (4, 1, 1),
        (3, 1, 1),
        (5, 1, 2),
        (6, 1, 3),
    ]


def test_person_gets_one_at_a_time_in_order(database: Database) -> None:
    joins(database, 1, 2)
    owes(database, (1, "pengumuman"), (1, "masuk"), (1, "diterima"), (2, "pengumuman"))

    first, meanwhile = leased(database), leased(database)
    rows(database, "UPDATE delivery SET done_at = :now WHERE leased_until IS NOT NULL", now="2026-11-24 03:00:00")

    assert (first, meanwhile, leased(database)) == ([("diterima", 1), ("pengumuman", 2)], [], [("masuk", 1)])


def test_reader_of_hundreds_keeps_nobody_waiting(database: Database) -> None:
    joins(database, 1, 2)
    owes(database, (2, "permintaan"), *[(1, "permintaan")] * 300)

    assert leased(database, most=10) == [("permintaan", 1), ("permintaan", 2)]


def test_message_tried_again_soon_is_not_overtaken_by_the_next_of_its_kind(database: Database) -> None:
    joins(database, 1, 1)
    owes(database, (1, "masuk"))
    owes(database, (1, "masuk"))
    found = []
    for _ in range(WAITED_FOR + 1):
        (one,) = lease(database)
        release(database, one, NOW + MINUTE)
        found.append([other.id for other in lease(database)])
        rows(database, "UPDATE delivery SET due_at = :now WHERE id = 1", now="2026-11-24 02:00:00")

    assert found == [[], [], [], [2]]


def test_message_put_off_and_the_next_of_its_kind_do_not_wait_for_each_other(database: Database) -> None:
    joins(database, 1, 1)
    owes(database, (1, "tindak_lanjut"))
    (first,) = lease(database)
    owes(database, (1, "tindak_lanjut"))
    release(database, first, NOW + 5 * MINUTE)

    assert lease(database, now=NOW + 4 * MINUTE) == []
    assert [one.id for one in lease(database, now=NOW + 5 * MINUTE)] == [first.id]


def test_three_of_a_kind_do_not_wait_for_each_other_in_a_ring(database: Database) -> None:
    joins(database, 1, 1)
    owes(database, (1, "tindak_lanjut"), due_at=NOW + 10 * MINUTE)
    owes(database, (1, "tindak_lanjut"))
    (second,) = lease(database)
    release(database, second, NOW + 20 * MINUTE)
    owes(database, (1, "tindak_lanjut"), due_at=NOW + 5 * MINUTE)

    assert [one.id for one in lease(database, now=NOW + 30 * MINUTE)] == [second.id]


def test_only_so_many_are_leased_at_once_over_all_sweeps(database: Database) -> None:
    joins(database, 1, 10)
    owes(database, *[(n, "pengumuman") for n in range(1, 11)])

    assert [len(lease(database, most=most)) for most in (4, 4, 7, 100)] == [4, 0, 3, 3]


def test_what_travels_in_batches_fills_them_while_more_is_due(database: Database) -> None:
    joins(database, 1, 13)
    owes(database, *[(n, "pengumuman") for n in range(1, 14)])

    assert [len(lease(database, most=most, batch=5)) for most in (4, 9, 9, 13, 100)] == [0, 5, 0, 5, 3]


def test_lease_that_has_passed_is_given_anew_under_another_number(database: Database) -> None:
    joins(database, 1, 1)
    owes(database, (1, "masuk"))

    found = [lease(database, now=now) for now in (NOW, NOW + MINUTE / 2, NOW + MINUTE)]

    assert found == [[Leased(DeliveryId(1), 1, 0, FIRST_BOT)], [], [Leased(DeliveryId(1), 2, 0, FIRST_BOT)]]
    assert (is_held(database, DeliveryId(1), 1), is_held(database, DeliveryId(1), 2)) == (False, True)


def test_lease_that_is_kept_holds_whatever_the_clock_says(database: Database) -> None:
    joins(database, 1, 2)
    owes(database, (1, "masuk"), (2, "masuk"))
    lease(database)
    later = NOW + 60 * MINUTE

    with database.transaction() as session:
        found = leases.lease(session, now=later, until=later + MINUTE, most=100, kept={(DeliveryId(1), 1)})
    again = lease(database, now=later + MINUTE / 2)

    assert ([(one.id, one.tries) for one in found], again) == ([(2, 2)], [])


def test_lease_that_ended_or_is_anothers_is_not_lengthened(database: Database) -> None:
    joins(database, 1, 3)
    owes(database, (1, "masuk"), (2, "masuk"), (3, "masuk"))
    third, second, first = lease(database)
    release(database, first, NOW + MINUTE)
    rows(database, "UPDATE delivery SET done_at = :now WHERE id = 2", now="2026-11-24 03:00:00")
    rows(database, "UPDATE delivery SET tries = 2 WHERE id = 3")

    with database.transaction() as session:
        held = [(one.id, one.tries) for one in (first, second, third)]
        leases.keep(session, held, at_least=NOW + 9 * MINUTE, until=NOW + 9 * MINUTE)

    ends = rows(database, "SELECT leased_until FROM delivery ORDER BY id")
    assert [str(end)[11:16] for (end,) in ends] == ["None"[11:16], "03:01", "03:01"]


def test_what_nobody_has_in_hand_any_more_is_free_at_once(database: Database) -> None:
    joins(database, 1, 3)
    owes(database, (1, "masuk"), (2, "masuk"), (3, "masuk"))
    lease(database)

    with database.transaction() as session:
        lost = leases.give_back(session, kept={(DeliveryId(2), 1)})

    assert (lost, [(one.id, one.tries) for one in lease(database)]) == (2, [(3, 2), (1, 2)])


def test_each_bot_has_room_of_its_own_however_much_another_is_owed(database: Database) -> None:
    joins(database, 1, 30, FIRST_BOT)
    joins(database, 31, 33, OTHER_BOT)
    joins(database, 34, 35, 99)
    owes(database, *[(person, "pengumuman") for person in range(35, 0, -1)])

    found = [Counter(one.bot_id for one in lease(database, most=4)) for _ in range(2)]

    assert found == [{FIRST_BOT: 4, OTHER_BOT: 3}, {}]


def test_lease_given_back_is_free_at_once_or_when_it_is_due_again(database: Database) -> None:
    joins(database, 1, 1)
    owes(database, (1, "masuk"))

    (first,) = lease(database)
    release(database, first)
    (second,) = lease(database)
    release(database, second, NOW + MINUTE)

    assert (second.tries, lease(database), len(lease(database, now=NOW + MINUTE))) == (2, [], 1)


def test_lease_of_another_cannot_be_given_back(database: Database) -> None:
    joins(database, 1, 1)
    owes(database, (1, "masuk"))
    (late,) = lease(database)
    lease(database, now=NOW + MINUTE)

    release(database, late)

    assert lease(database, now=NOW + 1.5 * MINUTE) == []


def test_bot_that_must_rest_lets_the_others_go_on(database: Database) -> None:
    joins(database, 1, 1)
    joins(database, 2, 2, FIRST_BOT)
    joins(database, 3, 3, OTHER_BOT)
    owes(database, (1, "masuk"), (2, "masuk"), (3, "masuk"))
    rest(database, FIRST_BOT, NOW + MINUTE)

    assert leased(database) == [("masuk", 3)]
    assert leased(database, now=NOW + MINUTE / 2) == []
    assert leased(database, now=NOW + MINUTE) == [("masuk", 3), ("masuk", 2), ("masuk", 1)]


def test_rest_is_lengthened_and_never_cut_short(database: Database) -> None:
    for minutes in (2, 5, 1):
        rest(database, FIRST_BOT, NOW + minutes * MINUTE)

    with database.transaction() as session:
        found = [leases.resting(session, NOW + minutes * MINUTE) for minutes in (4, 5)]
    assert found == [frozenset({FIRST_BOT}), frozenset()]


def test_calling_off_leaves_what_goes_to_a_chat_in_the_name_of_who_went(database: Database) -> None:
    joins(database, 1, 2)
    owes(database, (1, Kind.WEEKLY), (1, Kind.WEEKLY_CHAT), (2, Kind.WEEKLY))

    with database.transaction() as session:
        assert leases.call_off(session, PersonId(1), NOW) == 1

    assert sorted(leased(database)) == [(Kind.WEEKLY, 2), (Kind.WEEKLY_CHAT, 1)]


def test_calling_off_leaves_what_the_law_wants_told_to_end_as_not_arrived(database: Database) -> None:
    joins(database, 1, 1)
    owes(database, (1, Kind.BREACH), (1, Kind.NEWS))

    with database.transaction() as session:
        assert leases.call_off(session, PersonId(1), NOW) == 1

    assert leased(database) == [(Kind.BREACH, 1)]


def test_kind_of_a_later_version_is_left_to_it(database: Database) -> None:
    joins(database, 1, 2)
    owes(database, (1, "belum dikenal"), (2, "masuk"))

    assert leased(database) == [("masuk", 2)]


def test_what_is_due_later_is_not_found(database: Database) -> None:
    joins(database, 1, 2)
    owes(database, (1, "masuk"), (2, "pengumuman"), due_at=NOW + 2 * MINUTE)

    assert lease(database) == []


def test_ten_thousand_are_leased_from_by_as_many_statements_as_twenty(database: Database) -> None:
    joins(database, 1, 10_020)
    steps = []
    for first, last in ((1, 20), (21, 10_020)):
        owes(database, *[(n, "pengumuman") for n in range(first, last + 1)])
        steps.append(_statements(database))

    assert steps == [5, 5]


def _statements(database: Database) -> int:
    told: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        told.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    assert len(lease(database, most=10, bots=(FIRST_BOT,))) == 10
    event.remove(database.engine, "before_cursor_execute", note)
    rows(database, "UPDATE delivery SET leased_until = NULL")
    return len([one for one in told if "delivery" in one or "pause" in one])


@pytest.mark.sqlite_only
def test_what_is_due_is_found_through_the_index(database: Database) -> None:
    joins(database, 1, 2000)
    owes(database, *[(n, "pengumuman") for n in range(1, 2001)])
    told: list[tuple[str, object]] = []
    event.listen(
        database.engine, "before_cursor_execute", lambda c, cursor, sql, values, *_: told.append((sql, values))
    )
    lease(database, bots=(FIRST_BOT,))
    reading = [one for one in told if "due_at" in one[0] and one[0].lstrip().startswith(("SELECT", "WITH"))]

    with database.transaction() as session:
        plans = [
            [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]  # type: ignore[arg-type]
            for sql, values in reading
        ]

    steps = [[step.replace("COVERING ", "") for step in plan if "delivery" in step] for plan in plans]
    assert steps == [
        [
            "SEARCH delivery USING INDEX deliveries_due",
            "SEARCH delivery USING INDEX deliveries_due (kind>?)",
            "SEARCH delivery USING INDEX deliveries_due (kind=? AND due_at<?)",
        ],
        [
            "SEARCH delivery USING INDEX deliveries_due (kind=? AND due_at<?)",
            "SEARCH delivery_1 USING INDEX ix_delivery_person_id (person_id=?)",
        ],
    ]
