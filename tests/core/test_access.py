"""Who may do what."""

from __future__ import annotations

import pytest

from bot.core.access import (
    MAY,
    Act,
    Audience,
    Relation,
    Viewer,
    may,
    may_edit,
    may_see_programmes,
    may_use,
    viewer_of,
)
from bot.core.person import Context, Person, PersonId, Role


def viewer(role: Role | None, *, is_admin: bool = False) -> Viewer:
    return Viewer(Person(PersonId(1), 1001, "Sari", role, Context()), is_admin)


STRANGER = None
ROLELESS, ROLELESS_ADMIN = viewer(None), viewer(None, is_admin=True)
OWNER, COACH = viewer(Role.OWNER), viewer(Role.COACH)
OWNER_ADMIN, COACH_ADMIN = viewer(Role.OWNER, is_admin=True), viewer(Role.COACH, is_admin=True)
EVERYBODY = (STRANGER, ROLELESS, ROLELESS_ADMIN, OWNER, COACH, OWNER_ADMIN, COACH_ADMIN)


@pytest.mark.parametrize(
    ("audience", "let_in"),
    [
        (Audience.ANYONE, EVERYBODY),
        (Audience.JOINED, EVERYBODY[1:]),
        (Audience.SETTLED, (OWNER, COACH, OWNER_ADMIN, COACH_ADMIN)),
        (Audience.COACH, (COACH, COACH_ADMIN)),
        (Audience.STAFF, (COACH, OWNER_ADMIN, COACH_ADMIN)),
        (Audience.ADMIN, (OWNER_ADMIN, COACH_ADMIN)),
    ],
)
def test_audience_lets_in_these_and_nobody_else(audience: Audience, let_in: tuple[Viewer | None, ...]) -> None:
    assert tuple(who for who in EVERYBODY if may_use(audience, who)) == let_in


def test_every_audience_is_tried() -> None:
    assert {audience for audience in Audience if may_use(audience, COACH_ADMIN)} == set(Audience)


def test_admin_alone_sees_programmes() -> None:
    assert [may_see_programmes(who) for who in (OWNER, COACH, OWNER_ADMIN)] == [False, False, True]


MATRIX = {
    Relation.LEAD: {Act.SEE_SUMS, Act.SEE_MEMBERS, Act.RUN, Act.LEAD},
    Relation.COACH: {Act.SEE_SUMS, Act.SEE_MEMBERS, Act.RUN},
    Relation.MEMBER: set(),
    Relation.WAITING: set(),
    Relation.ADMIN: {Act.SEE_SUMS},
    Relation.OUTSIDER: set[Act](),
}


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("act", Act)
def test_relation_allows_what_the_matrix_says(act: Act, relation: Relation) -> None:
    assert may(act, relation) is (act in MATRIX[relation])


def test_every_act_has_its_line() -> None:
    assert set(MAY) == set(Act)


def test_admins_alone_edit() -> None:
    assert [who for who in EVERYBODY[1:] if who is not None and may_edit(who)] == [
        ROLELESS_ADMIN,
        OWNER_ADMIN,
        COACH_ADMIN,
    ]


@pytest.mark.parametrize(
    ("admins", "granted", "is_admin"), [((), False, False), ((1001,), False, True), ((), True, True)]
)
def test_admin_is_named_in_the_settings_or_granted(admins: tuple[int, ...], granted: bool, is_admin: bool) -> None:
    person = Person(PersonId(1), 1001, "Sari", Role.OWNER, Context(), is_admin=granted)

    assert viewer_of(person, frozenset(admins)).is_admin == is_admin
