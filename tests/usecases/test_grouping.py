"""Looking after a group: making it, inviting, agreeing to newcomers, sharing and handing over the work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from bot.core.access import Relation, Viewer
from bot.core.delivery import Delivery, Kind
from bot.core.group import MEMBERS_MOST, Group
from bot.core.person import Person, PersonId, Role
from bot.core.region import UnknownRegion
from bot.store import groups
from bot.store.tables import (
    CoachOfferRow,
    DeliveryRow,
    GroupCoachRow,
    GroupRow,
    InvitedRow,
    MembershipRow,
    PersonRow,
    SharingRow,
)
from bot.usecases import accounts, grouping, joining, privacy
from bot.usecases.grouping import HandOverFirst, NameMissing, NotForYou, Offered
from bot.usecases.joining import NoWayIn
from tests.usecases.cast import Cast, coach
from tests.usecases.world import World

DAY = timedelta(days=1)


def look(cast: Cast, viewer: Viewer | None = None) -> Group:
    return cast.world.do(lambda s: grouping.look(s, viewer=viewer or cast.joko, group_id=cast.id)).group


def offer(cast: Cast, *, hands_over: bool = False) -> str:
    tokens, now = cast.tokens, cast.world.now
    return cast.world.do(
        lambda s: grouping.offer(
            s, viewer=cast.joko, group_id=cast.id, hands_over=hands_over, new_token=tokens, now=now
        )
    )


def accept(cast: Cast, viewer: Viewer, token: str) -> Group:
    return cast.world.do(lambda s: grouping.accept(s, viewer=viewer, token=token, now=cast.world.now))


def is_refused(cast: Cast, viewer: Viewer, token: str) -> bool:
    """Tell whether an offer is neither shown to somebody nor taken from them."""
    with pytest.raises(NotForYou):
        cast.world.do(lambda s: grouping.offered(s, viewer=viewer, token=token, now=cast.world.now))
    with pytest.raises(NotForYou):
        accept(cast, viewer, token)
    return True


def coaches(cast: Cast) -> list[tuple[str, bool]]:
    found = cast.world.do(lambda s: groups.coaches(s, cast.id))
    return [(one.first_name, one.leads) for one in found]


def create(cast: Cast, viewer: Viewer, name: str) -> Group:
    now = cast.world.now
    return cast.world.do(lambda s: grouping.create(s, viewer=viewer, name=name, new_token=cast.tokens, now=now))


def mine(cast: Cast, owner: Person) -> list[str]:
    """Return the names of the groups that an owner is in."""
    return [one.group_name for one in cast.world.do(lambda s: joining.mine(s, owner=owner))]


def count(world: World, table: type[SQLModel]) -> int:
    return len(world.do(lambda s: list(s.exec(select(table)))))


def erase(world: World, viewer: Viewer) -> None:
    world.do(lambda s: privacy.erase(s, owner=viewer.person))


def test_coach_makes_a_group_and_leads_it(cast: Cast, world: World) -> None:
    made = create(cast, cast.rani, "  Ibu\n Kue ")

    seen = world.do(lambda s: grouping.look(s, viewer=cast.rani, group_id=made.id))
    assert (seen.group, seen.relation, seen.is_run, seen.is_led) == (made, Relation.LEAD, True, True)
    assert (made.name, made.approves, made.member_limit, made.place) == ("Ibu Kue", False, 200, None)
    assert made.invitation.is_open(world.now)


@pytest.mark.parametrize("who", ["sari", "maya"])
def test_who_is_no_coach_makes_no_group(cast: Cast, who: str) -> None:
    viewer = cast.maya if who == "maya" else Viewer(cast.sari)

    with pytest.raises(NotForYou):
        create(cast, viewer, "Kue")


@pytest.mark.parametrize("unseen", ["", " \n ", "\u200b\u3164"])
def test_group_has_a_name_that_can_be_seen(cast: Cast, unseen: str) -> None:
    with pytest.raises(NameMissing):
        create(cast, cast.joko, unseen)
    with pytest.raises(NameMissing):
        cast.world.do(lambda s: grouping.rename(s, viewer=cast.joko, group_id=cast.id, name=unseen))

    assert look(cast).name == "Pasar Baru"


def test_coach_lists_the_own_groups_with_their_sizes(cast: Cast, world: World) -> None:
    create(cast, cast.joko, "anggrek")

    def lines(viewer: Viewer) -> list[tuple[str, int, int, bool]]:
        found = world.do(lambda s: grouping.mine(s, viewer=viewer))
        return [(one.group.name, one.members, one.waiting, one.leads) for one in found]

    assert lines(cast.joko) == [("anggrek", 0, 0, True), ("Pasar Baru", 2, 1, True)]
    assert lines(cast.putu) == [("Pasar Baru", 2, 1, False)]
    assert lines(cast.rani) == [("Pasar Lama", 1, 0, True)]
    assert [lines(who) for who in (cast.agus, cast.maya, Viewer(cast.sari))] == [[], [], []]


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (lambda s, v, g: grouping.rename(s, viewer=v, group_id=g, name=" Kue  Basah"), {"name": "Kue Basah"}),
        (lambda s, v, g: grouping.place(s, viewer=v, group_id=g, code="31"), {"province": "31"}),
        (
            lambda s, v, g: grouping.place(s, viewer=v, group_id=g, code="3171"),
            {"province": "31", "regency": "3171"},
        ),
        (
            lambda s, v, g: grouping.place(s, viewer=v, group_id=g, code="31.71"),
            {"province": "31", "regency": "3171"},
        ),
        (
            lambda s, v, g: grouping.set_programme(s, viewer=v, group_id=g, programme=" Gernas  BBI "),
            {"programme": "Gernas BBI"},
        ),
        (lambda s, v, g: grouping.set_approval(s, viewer=v, group_id=g, approves=True), {"approves": True}),
        (lambda s, v, g: grouping.set_limit(s, viewer=v, group_id=g, members=1), {"member_limit": 1}),
        (
            lambda s, v, g: grouping.set_limit(s, viewer=v, group_id=g, members=MEMBERS_MOST),
            {"member_limit": MEMBERS_MOST},
        ),
    ],
)
def test_coaches_change_one_thing_and_nothing_else(
    cast: Cast, change: Callable[..., Group], after: dict[str, object]
) -> None:
    before = look(cast)

    returned = cast.world.do(lambda s: change(s, cast.putu, cast.id))

    assert look(cast) == returned == replace(before, **after)  # type: ignore[arg-type]


def test_place_and_programme_can_be_taken_back(cast: Cast, world: World) -> None:
    before = look(cast)
    world.do(lambda s: grouping.place(s, viewer=cast.joko, group_id=cast.id, code="3171"))
    world.do(lambda s: grouping.set_programme(s, viewer=cast.joko, group_id=cast.id, programme="BBI"))

    world.do(lambda s: grouping.place(s, viewer=cast.joko, group_id=cast.id, code=None))
    world.do(lambda s: grouping.set_programme(s, viewer=cast.joko, group_id=cast.id, programme=" "))

    assert look(cast) == before


@pytest.mark.parametrize("code", ["99", "3199", "", "31710", "Jakarta"])
def test_place_that_is_not_on_the_list_is_refused(cast: Cast, code: str) -> None:
    with pytest.raises(UnknownRegion):
        cast.world.do(lambda s: grouping.place(s, viewer=cast.joko, group_id=cast.id, code=code))


@pytest.mark.parametrize("members", [0, -1, MEMBERS_MOST + 1])
def test_limit_out_of_bounds_is_refused(cast: Cast, members: int) -> None:
    with pytest.raises(ValueError, match=str(members)):
        cast.world.do(lambda s: grouping.set_limit(s, viewer=cast.joko, group_id=cast.id, members=members))


def test_renewed_invitation_is_another_one_for_two_weeks(cast: Cast, world: World) -> None:
    before = look(cast).invitation
    world.now += 20 * DAY

    renewed = world.do(
        lambda s: grouping.renew_invitation(s, viewer=cast.putu, group_id=cast.id, new_token=cast.tokens, now=world.now)
    ).invitation

    assert look(cast).invitation == renewed
    assert renewed.ends_at == world.now + 14 * DAY
    assert (renewed.is_open(world.now), before.is_open(world.now)) == (True, False)
    assert renewed.token != before.token
    assert renewed.code != before.code


def test_invitation_is_renewed_once_for_the_code_that_was_shown(cast: Cast, world: World) -> None:
    before = look(cast).invitation
    first, second = (
        world.do(
            lambda s: grouping.renew_invitation(
                s, viewer=cast.putu, group_id=cast.id, shown=before.code, new_token=cast.tokens, now=world.now
            )
        ).invitation
        for _ in range(2)
    )

    assert first.code != before.code
    assert second == first


def test_archived_group_is_out_of_the_way_and_can_come_back_closed(cast: Cast, world: World) -> None:
    def names(*, archived: bool) -> list[str]:
        return [x.group.name for x in world.do(lambda s: grouping.mine(s, viewer=cast.joko, archived=archived))]

    archived = world.do(lambda s: grouping.archive(s, viewer=cast.joko, group_id=cast.id, now=world.now))
    world.now += DAY
    again = world.do(lambda s: grouping.archive(s, viewer=cast.joko, group_id=cast.id, now=world.now))

    assert (archived.archived_at, again) == (world.now - DAY, archived)
    assert (names(archived=False), names(archived=True)) == ([], ["Pasar Baru"])

    back = world.do(lambda s: grouping.unarchive(s, viewer=cast.joko, group_id=cast.id))

    assert (names(archived=False), names(archived=True)) == (["Pasar Baru"], [])
    assert not back.invitation.is_open(world.now)


def test_waiting_newcomer_is_let_in_and_told_once(cast: Cast, world: World) -> None:
    def admit(person: PersonId) -> bool:
        return world.do(
            lambda s: grouping.admit(s, viewer=cast.putu, group_id=cast.id, person_id=person, now=world.now)
        )

    waiting = world.do(lambda s: grouping.newcomers(s, viewer=cast.putu, group_id=cast.id))
    found = [admit(who.id) for who in (cast.budi, cast.budi, cast.sari, cast.wayan, cast.tini)]

    assert [(one.person_id, one.first_name) for one in waiting] == [(cast.budi.id, "Budi")]
    assert found == [True, False, False, False, False]
    assert world.do(lambda s: grouping.newcomers(s, viewer=cast.joko, group_id=cast.id)) == []
    (told,) = cast.owed(Kind.ADMITTED)
    assert (told.person_id, told.group_id, told.sender_name, told.due_at) == (
        cast.budi.id,
        cast.id,
        "Pasar Baru",
        world.now,
    )


def test_newcomer_who_came_back_is_told_again_and_never_at_night(cast: Cast, world: World) -> None:
    def let_in() -> bool:
        return world.do(
            lambda s: grouping.admit(s, viewer=cast.joko, group_id=cast.id, person_id=cast.budi.id, now=world.now)
        )

    assert let_in()
    world.do(lambda s: joining.leave(s, owner=cast.budi, group_id=cast.id, now=world.now))
    world.do(lambda s: grouping.set_approval(s, viewer=cast.joko, group_id=cast.id, approves=True))
    world.now += timedelta(hours=11)  # 21.00 WIB
    cast.enters(cast.budi)

    assert let_in()
    assert [row.due_at - world.now for row in cast.owed(Kind.ADMITTED)] == [timedelta(hours=-11), timedelta(hours=11)]


def test_newcomer_is_turned_down_only_while_waiting(cast: Cast, world: World) -> None:
    def turn_down(person: PersonId) -> bool:
        return world.do(lambda s: grouping.turn_down(s, viewer=cast.joko, group_id=cast.id, person_id=person))

    assert [turn_down(who.id) for who in (cast.sari, cast.wayan, cast.budi, cast.budi)] == [False, False, True, False]
    assert [mine(cast, who) for who in (cast.sari, cast.budi)] == [["Pasar Baru"], []]


def test_dismissed_member_is_out_and_may_come_again(cast: Cast, world: World) -> None:
    def dismiss(person: PersonId) -> bool:
        return world.do(lambda s: grouping.dismiss(s, viewer=cast.joko, group_id=cast.id, person_id=person))

    assert [dismiss(who.id) for who in (cast.sari, cast.sari, cast.wayan)] == [True, False, False]
    assert mine(cast, cast.wayan) == ["Pasar Lama"]
    assert cast.enters(cast.sari).group_id == cast.id


def test_offer_makes_a_second_coach_once(cast: Cast, world: World) -> None:
    token = offer(cast)
    shown = world.do(lambda s: grouping.offered(s, viewer=cast.rani, token=token, now=world.now))

    group = accept(cast, cast.rani, token)

    assert shown == Offered("Pasar Baru", hands_over=False, offered_by="Joko")
    assert group == look(cast, cast.rani)
    assert coaches(cast) == [("Joko", True), ("Putu", False), ("Rani", False)]
    assert is_refused(cast, cast.agus, token)
    assert [(row.person_id, row.sender_name) for row in cast.owed(Kind.COACH_ADDED)][-1] == (
        cast.joko.person.id,
        "Rani",
    )


def test_token_of_an_offer_is_not_stored(cast: Cast, world: World) -> None:
    token = offer(cast)

    (stored,) = world.do(lambda s: list(s.exec(select(CoachOfferRow))))
    assert (stored.token_hash == grouping.hashed(token), token in stored.token_hash) == (True, False)


@pytest.mark.parametrize("who", ["rani", "putu"])
def test_group_is_handed_over_to_another_coach(cast: Cast, who: str) -> None:
    heir: Viewer = getattr(cast, who)

    accept(cast, heir, offer(cast, hands_over=True))

    assert coaches(cast) == [
        (heir.person.first_name, True),
        *([("Putu", False)] if who == "rani" else []),
    ]
    with pytest.raises(NotForYou):
        look(cast, cast.joko)


def test_offer_is_for_coaches_who_are_not_in_yet(cast: Cast) -> None:
    second = offer(cast)
    assert all(is_refused(cast, who, second) for who in (cast.joko, cast.putu, Viewer(cast.sari), cast.maya))

    lead = offer(cast, hands_over=True)
    assert all(is_refused(cast, who, lead) for who in (cast.joko, Viewer(cast.sari), cast.maya))


def test_offer_ends_after_three_days(cast: Cast, world: World) -> None:
    token = offer(cast)

    world.now += 3 * DAY
    assert is_refused(cast, cast.rani, token)

    world.now -= timedelta(seconds=1)
    assert accept(cast, cast.rani, token).id == cast.id


def test_newer_offer_takes_the_place_of_the_older(cast: Cast) -> None:
    older = offer(cast, hands_over=True)
    newer = offer(cast)

    assert is_refused(cast, cast.rani, older)
    assert accept(cast, cast.rani, newer).id == cast.id


def test_offer_of_who_leads_no_more_is_over(cast: Cast, world: World) -> None:
    token = offer(cast)
    world.do(lambda s: groups.set_lead(s, cast.putu.person.id, cast.id))

    assert is_refused(cast, cast.rani, token)


def test_offer_goes_with_who_made_it(cast: Cast, world: World) -> None:
    token = offer(cast)

    erase(world, cast.joko)

    assert is_refused(cast, cast.rani, token)


def test_unknown_offer_is_refused(cast: Cast) -> None:
    assert is_refused(cast, cast.rani, "x" * 22)


def test_lead_removes_other_coaches_but_not_the_own_place(cast: Cast, world: World) -> None:
    def remove(who: Viewer) -> bool:
        return world.do(lambda s: grouping.remove_coach(s, viewer=cast.joko, group_id=cast.id, person_id=who.person.id))

    assert [remove(who) for who in (cast.joko, cast.rani, cast.putu, cast.putu)] == [False, False, True, False]
    assert coaches(cast) == [("Joko", True)]
    with pytest.raises(NotForYou):
        look(cast, cast.putu)


def test_second_coach_steps_down_and_who_leads_hands_over_first(cast: Cast, world: World) -> None:
    world.do(lambda s: grouping.step_down(s, viewer=cast.putu, group_id=cast.id))
    with pytest.raises(HandOverFirst):
        world.do(lambda s: grouping.step_down(s, viewer=cast.joko, group_id=cast.id))

    assert coaches(cast) == [("Joko", True)]


def test_erased_lead_leaves_the_group_to_the_second_coach(cast: Cast, world: World) -> None:
    erase(world, cast.joko)

    assert coaches(cast) == [("Putu", True)]
    assert [one.members for one in world.do(lambda s: grouping.mine(s, viewer=cast.putu))] == [2]


def test_erased_second_coach_leaves_the_lead_where_it_is(cast: Cast, world: World) -> None:
    accept(cast, cast.rani, offer(cast))

    erase(world, cast.putu)

    assert coaches(cast) == [("Joko", True), ("Rani", False)]


def test_group_goes_with_its_only_coach(cast: Cast, world: World) -> None:
    world.do(lambda s: joining.open_link(s, owner=cast.tini, token=cast.other.invitation.token, now=world.now))
    for group in (cast.other, cast.group):
        key = f"{Kind.NUDGE}:{group.id}"
        cast.is_owed(Delivery(cast.sari.id, key, Kind.NUDGE, world.now, group.id, sender_name="Rani"))

    erase(world, cast.rani)

    assert [row.name for row in world.do(lambda s: list(s.exec(select(GroupRow))))] == ["Pasar Baru"]
    assert (count(world, GroupCoachRow), count(world, MembershipRow), count(world, InvitedRow)) == (2, 3, 0)
    assert [row.group_id for row in cast.owed(Kind.NUDGE)] == [cast.id]
    assert mine(cast, cast.wayan) == []
    with pytest.raises(NoWayIn):
        cast.enters(cast.tini, cast.other)


def test_nothing_is_sent_in_the_name_of_an_erased_coach(cast: Cast, world: World) -> None:
    for n, sender in enumerate(("Joko", "Putu")):
        owed = Delivery(cast.sari.id, f"{n}", Kind.NUDGE, world.now, cast.id, sender_name=sender)
        cast.is_owed(owed)

    erase(world, cast.joko)

    assert [row.sender_name for row in cast.owed(Kind.NUDGE)] == ["Putu"]
    assert "Joko" not in str(world.do(lambda s: [row.model_dump() for row in s.exec(select(DeliveryRow))]))


def test_nothing_is_left_of_an_erased_member(cast: Cast, world: World) -> None:
    world.do(lambda s: joining.open_link(s, owner=cast.sari, token=cast.other.invitation.token, now=world.now))
    cast.has_result(cast.sari)
    cast.is_owed(Delivery(cast.sari.id, "1", Kind.NUDGE, world.now, cast.id, sender_name="Joko"))

    erase(world, Viewer(cast.sari))

    def left(session: Session) -> list[object]:
        tables: tuple[type[Any], ...] = (MembershipRow, InvitedRow, SharingRow, DeliveryRow)
        return [row for table in tables for row in session.exec(select(table)) if row.person_id == cast.sari.id]

    assert world.do(left) == []
    assert world.do(lambda s: s.get(PersonRow, cast.sari.id)) is None
    assert [one.members for one in world.do(lambda s: grouping.mine(s, viewer=cast.joko))] == [1]


def test_coach_who_chose_another_role_may_not_take_an_offer(cast: Cast, world: World) -> None:
    token = offer(cast)
    turned = coach(world, 3001, "Eka")
    owner = world.do(lambda s: accounts.choose_role(s, owner=turned.person, role=Role.OWNER))

    assert is_refused(cast, Viewer(owner), token)


def test_members_are_told_of_a_new_coach_and_those_who_wait_are_not(cast: Cast, world: World) -> None:
    accept(cast, cast.rani, offer(cast))

    told = world.do(
        lambda s: s.exec(
            select(DeliveryRow.person_id, DeliveryRow.sender_name).where(DeliveryRow.kind == Kind.NEW_COACH)
        ).all()
    )
    assert sorted(told) == sorted([(cast.sari.id, "Rani"), (cast.dewi.id, "Rani")])


def test_members_are_not_told_where_the_second_coach_takes_the_lead(cast: Cast, world: World) -> None:
    accept(cast, cast.putu, offer(cast, hands_over=True))

    told = world.do(lambda s: s.exec(select(DeliveryRow.id).where(DeliveryRow.kind == Kind.NEW_COACH)).all())
    assert told == []
