"""The programme view: for admins alone, the same whichever way it is asked for, and never about a few."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.core.access import Viewer
from bot.core.item import OWNER_DIMENSIONS
from bot.core.programme import By, Month, Period, Scope
from bot.usecases.grouping import NotForYou
from bot.usecases.programmes import ProgrammeRow, ProgrammeView, programme_view
from tests.store.country import JUNE, Someone, crowd, finished, settle, several
from tests.usecases.cohort import coach
from tests.usecases.world import World

BANDUNG, CIMAHI, SEMARANG = Scope("BBI", "32", "3273"), Scope("BBI", "32", "3277"), Scope("BBI", "33", "3374")
NAIK = Scope("Naik", "32", "3273")
NOW = datetime(2026, 9, 10, tzinfo=UTC)
ALL, COUNTRY = Period(None, Month(2026, 9)), Scope()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World.open(tmp_path / "bot.db")
    opened.now = NOW
    yield opened
    opened.database.close()


@pytest.fixture
def admin(world: World) -> Viewer:
    return Viewer(world.joins(9001, "Ayu"), is_admin=True)


def view(world: World, viewer: Viewer, by: By, where: Scope = COUNTRY, period: Period = ALL) -> ProgrammeView:
    return world.do(
        lambda s: programme_view(
            s, viewer=viewer, by=by, where=where, period=period, library=world.library, now=world.now
        )
    )


def results(rows: tuple[ProgrammeRow, ...]) -> dict[str, int | None]:
    """Return how many results each row tells of, None where it is hidden, 0 where there are none."""
    return {row.key: row.sums.results if row.sums else None if row.is_hidden else 0 for row in rows}


def test_only_admins_see_programmes(world: World, admin: Viewer) -> None:
    owner = Viewer(world.joins(1001, "Sari"))

    for stranger in (owner, coach(world)):
        with pytest.raises(NotForYou):
            view(world, stranger, By.PROGRAMME)
    assert view(world, admin, By.PROGRAMME).rows == ()


def test_admin_who_is_one_no_longer_is_refused_at_once(world: World, admin: Viewer) -> None:
    with pytest.raises(NotForYou):
        view(world, Viewer(admin.person), By.MONTH)


def test_coach_who_is_an_admin_too_sees_programmes(world: World) -> None:
    budi = coach(world, 9002, "Budi")

    assert view(world, Viewer(budi.person, is_admin=True), By.PROVINCE).total.groups == 0


def test_programmes_stand_by_name_with_their_total(world: World, admin: Viewer) -> None:
    settle(world, [*several(6, NAIK, 40), *several(9, BANDUNG, 60), *several(5, Scope("", "", ""))])

    found = view(world, admin, By.PROGRAMME)

    assert results(found.rows) == {"BBI": 9, "Naik": 6, "": 5}
    assert [row.key for row in found.rows] == ["BBI", "Naik", ""]
    assert (found.total.groups, found.total.members) == (3, 20)
    assert found.total.sums is not None
    assert found.total.sums.results == 20
    assert [row.sums.means[OWNER_DIMENSIONS[0]] for row in found.rows if row.sums] == [60, 40, 50]


def test_small_row_hides_and_takes_the_next_smallest_along(world: World, admin: Viewer) -> None:
    settle(world, [*several(4, CIMAHI), *several(30, BANDUNG), *several(7, Scope("BBI", "32", "3204"))])

    found = view(world, admin, By.REGENCY, Scope(None, "32"))

    assert results(found.rows) == {"3204": None, "3277": None, "3273": 30}
    assert found.hidden_rows == 2
    assert (found.total.sums.results if found.total.sums else None) == 41


def test_what_a_table_hides_is_not_had_by_asking_for_it_alone(world: World, admin: Viewer) -> None:
    settle(world, [*several(3, NAIK), *several(20, BANDUNG), *several(30, SEMARANG)])

    programmes = view(world, admin, By.PROGRAMME, Scope(None, "32"))
    alone = view(world, admin, By.REGENCY, Scope("BBI", "32"))
    months = view(world, admin, By.MONTH, Scope("BBI", "32"))

    assert results(programmes.rows) == {"BBI": None, "Naik": None}
    assert (alone.total.sums, alone.total.is_hidden) == (None, True)
    assert results(alone.rows) == {"3273": None}
    assert [row.key for row in months.rows if row.sums] == []
    assert months.total.is_hidden


def test_row_without_results_says_so_and_is_not_hidden(world: World, admin: Viewer) -> None:
    nobody = Someone([(SEMARANG, JUNE)])
    settle(world, [nobody, *several(8, BANDUNG)])

    found = view(world, admin, By.PROVINCE)

    assert results(found.rows) == {"32": 8, "33": 0}
    assert [(row.groups, row.members) for row in found.rows] == [(1, 8), (1, 1)]
    assert found.hidden_rows == 0


def test_period_narrows_results_to_the_latest_of_each_person_in_it(world: World, admin: Viewer) -> None:
    early = several(6, BANDUNG, 40)
    for one in early:
        later = finished(BANDUNG, 70, at=JUNE + timedelta(days=40), level=3)
        one.sittings.append(later.sittings[0])
    settle(world, early)

    june = view(world, admin, By.PROGRAMME, period=Period(Month(2026, 6), Month(2026, 6))).total.sums
    july = view(world, admin, By.PROGRAMME, period=Period(Month(2026, 7), Month(2026, 7))).total.sums
    since = view(world, admin, By.PROGRAMME).total.sums
    august = view(world, admin, By.PROGRAMME, period=Period(Month(2026, 8), Month(2026, 8))).total

    assert june and july and since
    assert [found.means[OWNER_DIMENSIONS[0]] for found in (june, july, since)] == [40, 70, 70]
    assert [found.retested for found in (june, july, since)] == [0, 6, 6]
    assert (august.sums, august.is_hidden) == (None, False)


def test_months_stand_in_order_and_hide_each_other(world: World, admin: Viewer) -> None:
    def month(number: int, count: int) -> list[Someone]:
        at = datetime(2026, number, 15, tzinfo=UTC)
        return [finished(BANDUNG, at=at) for _ in range(count)]

    settle(world, [*month(6, 9), *month(7, 2), *month(8, 20)])

    found = view(world, admin, By.MONTH, period=Period(Month(2026, 6), Month(2026, 9)))

    assert results(found.rows) == {"2026-06": None, "2026-07": None, "2026-08": 20, "2026-09": 0}
    assert (found.total.sums.results if found.total.sums else None) == 31
    assert [(row.groups, row.members) for row in found.rows] == [(1, 31), (0, 0), (0, 0), (0, 0)]
    assert (found.total.groups, found.total.members) == (1, 31)


def test_table_by_month_shows_the_latest_twelve_and_nothing_to_come(world: World, admin: Viewer) -> None:
    found = view(world, admin, By.MONTH, period=Period(None, Month(2030, 1)))

    assert [row.key for row in found.rows][::11] == ["2025-10", "2026-09"]
    assert found.period == Period(Month(2025, 10), Month(2026, 9))


def test_period_that_lies_ahead_is_this_month(world: World, admin: Viewer) -> None:
    found = view(world, admin, By.PROVINCE, period=Period(Month(2030, 1), Month(2030, 2)))

    assert found.period == Period(Month(2026, 9), Month(2026, 9))


def test_choices_are_what_groups_have(world: World, admin: Viewer) -> None:
    made = {BANDUNG: JUNE, SEMARANG: JUNE, NAIK: JUNE, Scope("", "32", ""): JUNE, Scope("", "", ""): JUNE}
    settle(world, [], made)

    everywhere = view(world, admin, By.PROGRAMME).choices
    west = view(world, admin, By.PROGRAMME, Scope(None, "32")).choices

    assert everywhere.programmes == ("BBI", "Naik", "")
    assert everywhere.provinces == ("32", "33", "")
    assert (everywhere.regencies, west.regencies) == ((), ("3273", ""))
    assert everywhere.months == (Month(2026, 9), Month(2026, 8), Month(2026, 7), Month(2026, 6))


def test_place_that_no_group_is_in_is_empty(world: World, admin: Viewer) -> None:
    settle(world, several(8, BANDUNG))

    found = view(world, admin, By.REGENCY, Scope("BBI", "99"))

    assert (found.rows, found.total.groups, found.total.sums, found.total.is_hidden) == ((), 0, None, False)


@pytest.mark.parametrize(("by", "queries"), [(By.PROVINCE, 7), (By.REGENCY, 7), (By.MONTH, 12)])
@pytest.mark.parametrize("count", [1, 150])
def test_queries_are_few_whatever_there_is(world: World, admin: Viewer, by: By, queries: int, count: int) -> None:
    settle(world, crowd(2, count))
    view(world, admin, by)
    sent: list[str] = []
    note = lambda conn, cursor, statement, *_: sent.append(statement)  # noqa: E731
    event.listen(world.database.engine, "before_cursor_execute", note)

    view(world, admin, by)

    assert len([statement for statement in sent if not statement.startswith("BEGIN")]) == queries
