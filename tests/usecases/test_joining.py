"""The owner's side of a group: the way in, what is agreed to, changing one's mind, leaving."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.core.delivery import Kind
from bot.core.group import GUESSES_A_DAY, GUESSES_A_MINUTE, shown_code
from bot.core.person import Person, Role
from bot.store import members
from bot.store.members import Membership
from bot.store.tables import CodeGuessRow, InvitedRow, SharingRow
from bot.usecases import accounts, grouping, joining
from bot.usecases.joining import NoWayIn, Proposal, Sharing, TooManyGuesses
from tests.usecases.cast import TEXT, VERSION, Cast
from tests.usecases.world import World

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def by_link(cast: Cast, owner: Person, token: str | None = None) -> Proposal:
    wanted = token or cast.group.invitation.token
    return cast.world.do(lambda s: joining.open_link(s, owner=owner, token=wanted, now=cast.world.now))


def types(cast: Cast, owner: Person, text: str | None = None) -> str:
    """Type a code, as the chat does: a refusal is an answer, so that the transaction stays."""
    wanted = cast.group.invitation.code if text is None else text

    def type_it(session: Session) -> str:
        try:
            return joining.open_code(session, owner=owner, text=wanted, now=cast.world.now).group.name
        except (NoWayIn, TooManyGuesses) as refused:
            return type(refused).__name__

    return cast.world.do(type_it)


def pending(cast: Cast, owner: Person) -> str | None:
    found = cast.world.do(lambda s: joining.pending(s, owner=owner, now=cast.world.now))
    return found.group.name if found else None


def mine(cast: Cast, owner: Person) -> list[Membership]:
    return cast.world.do(lambda s: joining.mine(s, owner=owner))


def joins(cast: Cast, owner: Person, sharing: Sharing = Sharing.NAME) -> Membership:
    """Agree to what waits, without opening it anew."""
    now = cast.world.now
    return cast.world.do(
        lambda s: joining.join(s, owner=owner, group_id=cast.id, sharing=sharing, version=VERSION, text=TEXT, now=now)
    )


def log(cast: Cast, owner: Person) -> list[tuple[int, str, str, str]]:
    """Return what the owner decided, the oldest first."""
    rows = cast.world.do(lambda s: list(s.exec(select(SharingRow).where(SharingRow.person_id == owner.id))))
    return [(row.group_id, row.scope, row.version, row.text_hash) for row in rows]


HASH = hashlib.sha256(TEXT.encode()).hexdigest()


def test_link_shows_the_group_and_its_coaches_before_anything_is_shared(cast: Cast) -> None:
    found = by_link(cast, cast.tini)

    assert (found.group, [one.first_name for one in found.coaches]) == (cast.group, ["Joko", "Putu"])
    assert (pending(cast, cast.tini), mine(cast, cast.tini), log(cast, cast.tini)) == ("Pasar Baru", [], [])


def test_finder_who_is_not_known_yet_is_told_the_same_and_nothing_is_kept(cast: Cast, world: World) -> None:
    token = cast.group.invitation.token

    found = world.do(lambda s: joining.introduced(s, token=token, now=world.now))

    assert found is not None
    assert (found.group, [one.first_name for one in found.coaches]) == (cast.group, ["Joko", "Putu"])
    assert world.do(lambda s: joining.introduced(s, token="x" * 22, now=world.now)) is None
    assert world.do(lambda s: list(s.exec(select(InvitedRow)))) == []


def test_code_opens_the_same_as_it_is_read_aloud(cast: Cast) -> None:
    said = shown_code(cast.group.invitation.code).lower().replace("-", " ")

    assert types(cast, cast.tini, said) == "Pasar Baru"
    assert pending(cast, cast.tini) == "Pasar Baru"
    assert joins(cast, cast.tini).group_id == cast.id


@pytest.mark.parametrize("sharing", [Sharing.NAME, Sharing.SUMS])
def test_owner_enters_with_what_was_agreed_to_and_the_proof_is_kept(cast: Cast, sharing: Sharing) -> None:
    by_link(cast, cast.tini)

    entered = joins(cast, cast.tini, sharing)

    shares = sharing is Sharing.NAME
    wanted = Membership(cast.id, "Pasar Baru", shares, waits=False, muted=False, joined_at=cast.world.now)
    assert (entered, mine(cast, cast.tini)) == (wanted, [wanted])
    assert log(cast, cast.tini) == [(cast.id, sharing.value, VERSION, HASH)]
    assert pending(cast, cast.tini) is None


def test_joining_twice_changes_nothing(cast: Cast) -> None:
    by_link(cast, cast.tini)
    first = joins(cast, cast.tini)
    cast.world.now += MINUTE

    assert joins(cast, cast.tini, Sharing.SUMS) == first
    assert by_link(cast, cast.tini).group == cast.group
    assert pending(cast, cast.tini) is None
    assert len(log(cast, cast.tini)) == 1


def test_late_second_tap_leaves_another_invitation_alone(cast: Cast) -> None:
    by_link(cast, cast.tini)
    joins(cast, cast.tini)
    by_link(cast, cast.tini, cast.other.invitation.token)

    joins(cast, cast.tini)

    assert pending(cast, cast.tini) == "Pasar Lama"


def test_latest_invitation_counts(cast: Cast) -> None:
    by_link(cast, cast.tini)
    by_link(cast, cast.tini, cast.other.invitation.token)

    with pytest.raises(NoWayIn):
        joins(cast, cast.tini)
    assert pending(cast, cast.tini) == "Pasar Lama"


def test_nobody_enters_without_opening_the_invitation(cast: Cast) -> None:
    with pytest.raises(NoWayIn):
        joins(cast, cast.tini)

    assert mine(cast, cast.tini) == []


def test_nobody_enters_to_share_nothing(cast: Cast) -> None:
    by_link(cast, cast.tini)

    with pytest.raises(NoWayIn):
        joins(cast, cast.tini, Sharing.NOTHING)
    assert (pending(cast, cast.tini), mine(cast, cast.tini)) == ("Pasar Baru", [])


def test_refused_invitation_is_forgotten_and_nothing_is_kept(cast: Cast, world: World) -> None:
    by_link(cast, cast.tini)

    world.do(lambda s: joining.refuse(s, owner=cast.tini))

    assert (pending(cast, cast.tini), mine(cast, cast.tini), log(cast, cast.tini)) == (None, [], [])


def close(cast: Cast) -> None:
    now = cast.world.now
    cast.world.do(lambda s: grouping.close_invitation(s, viewer=cast.joko, group_id=cast.id, now=now))


def renew(cast: Cast) -> None:
    now, tokens = cast.world.now, cast.tokens
    cast.world.do(lambda s: grouping.renew_invitation(s, viewer=cast.joko, group_id=cast.id, new_token=tokens, now=now))


def archive(cast: Cast) -> None:
    cast.world.do(lambda s: grouping.archive(s, viewer=cast.joko, group_id=cast.id, now=cast.world.now))


def archive_and_renew(cast: Cast) -> None:
    archive(cast)
    renew(cast)
    found = cast.world.do(lambda s: grouping.look(s, viewer=cast.joko, group_id=cast.id))
    cast.group = found.group


def fill(cast: Cast) -> None:
    """Set the limit at who is in and who waits: three."""
    cast.world.do(lambda s: grouping.set_limit(s, viewer=cast.joko, group_id=cast.id, members=3))


def expire(cast: Cast) -> None:
    cast.world.now = cast.group.invitation.ends_at


CLOSINGS = [close, renew, archive, archive_and_renew, fill, expire]


@pytest.mark.parametrize("end", CLOSINGS)
def test_invitation_that_leads_nowhere_is_refused_alike(cast: Cast, end: Callable[[Cast], None]) -> None:
    by_link(cast, cast.tini)
    end(cast)

    token = cast.group.invitation.token
    assert cast.world.do(lambda s: joining.introduced(s, token=token, now=cast.world.now)) is None
    refused = []
    for token in (cast.group.invitation.token, "x" * 22, cast.group.invitation.code, ""):
        with pytest.raises(NoWayIn) as told:
            by_link(cast, cast.tini, token or "-")
        refused.append(told.value.args)
    assert refused == [()] * 4
    assert [types(cast, cast.tini, code) for code in (None, "0000000000", "halo")] == ["NoWayIn"] * 3


@pytest.mark.parametrize("end", [close, archive, fill, expire])
def test_invitation_that_ended_meanwhile_lets_nobody_in(cast: Cast, end: Callable[[Cast], None]) -> None:
    by_link(cast, cast.tini)
    end(cast)

    with pytest.raises(NoWayIn):
        joins(cast, cast.tini)
    assert (pending(cast, cast.tini), mine(cast, cast.tini)) == (None, [])


def test_renewed_invitation_keeps_who_opened_the_old_one(cast: Cast) -> None:
    by_link(cast, cast.tini)
    renew(cast)

    assert joins(cast, cast.tini).group_id == cast.id


def test_last_place_goes_to_one_and_members_come_back_to_a_full_group(cast: Cast, world: World) -> None:
    world.do(lambda s: grouping.set_limit(s, viewer=cast.joko, group_id=cast.id, members=4))
    for owner in (cast.tini, cast.wayan):
        by_link(cast, owner)

    assert joins(cast, cast.tini).group_id == cast.id
    with pytest.raises(NoWayIn):
        joins(cast, cast.wayan)
    assert by_link(cast, cast.sari).group.id == cast.id


def test_coach_cannot_join(cast: Cast, world: World) -> None:
    assert types(cast, cast.rani.person) == "NoWayIn"
    with pytest.raises(NoWayIn):
        by_link(cast, cast.rani.person)


def test_owner_who_turned_coach_before_deciding_cannot_join(cast: Cast, world: World) -> None:
    by_link(cast, cast.tini)
    turned = world.do(lambda s: accounts.choose_role(s, owner=cast.tini, role=Role.COACH))

    with pytest.raises(NoWayIn):
        joins(cast, turned)
    assert pending(cast, turned) is None


def test_person_without_a_role_yet_may_open_an_invitation(cast: Cast) -> None:
    assert by_link(cast, replace(cast.tini, role=None)).group == cast.group


def test_where_a_coach_must_agree_the_newcomer_waits_and_the_coaches_are_told(cast: Cast, world: World) -> None:
    world.do(lambda s: grouping.set_approval(s, viewer=cast.joko, group_id=cast.id, approves=True))
    before = len(cast.owed(Kind.REQUEST))
    world.now += timedelta(hours=2)

    entered = cast.enters(cast.tini)
    cast.enters(cast.maya.person)

    told = cast.owed(Kind.REQUEST)[before:]
    assert (entered.waits, mine(cast, cast.tini)) == (True, [entered])
    assert [(row.person_id, row.sender_name, row.due_at) for row in told] == [
        (coach.person.id, "Pasar Baru", world.now) for coach in (cast.joko, cast.putu)
    ]


def test_requests_of_one_night_are_told_once_in_the_morning(cast: Cast, world: World) -> None:
    world.do(lambda s: grouping.set_approval(s, viewer=cast.joko, group_id=cast.id, approves=True))
    before = len(cast.owed(Kind.REQUEST))
    world.now += timedelta(hours=11)  # 21.00 WIB
    morning = world.now + timedelta(hours=11)
    cast.enters(cast.tini)
    world.now += timedelta(hours=3)
    cast.enters(cast.maya.person)

    assert [row.due_at for row in cast.owed(Kind.REQUEST)[before:]] == [morning, morning]


def test_five_wrong_codes_a_minute_are_enough(cast: Cast) -> None:
    assert [types(cast, cast.tini, f"000000000{n}") for n in range(GUESSES_A_MINUTE)] == ["NoWayIn"] * 5

    assert [types(cast, cast.tini, code) for code in ("0000000009", None, "halo")] == ["TooManyGuesses"] * 3
    assert types(cast, cast.wayan) == "Pasar Baru"
    cast.world.now += MINUTE
    assert types(cast, cast.tini) == "Pasar Baru"


def test_twenty_wrong_codes_a_day_are_enough(cast: Cast) -> None:
    for _ in range(GUESSES_A_DAY):
        assert types(cast, cast.tini, "0000000000") == "NoWayIn"
        cast.world.now += MINUTE

    assert [types(cast, cast.tini, code) for code in ("0000000000", None)] == ["TooManyGuesses"] * 2
    cast.world.now += DAY - GUESSES_A_DAY * MINUTE + timedelta(seconds=1)
    assert types(cast, cast.tini) == "Pasar Baru"


def test_right_codes_and_refusals_are_no_guesses_and_old_ones_are_forgotten(cast: Cast, world: World) -> None:
    for _ in range(9):
        types(cast, cast.tini)
    for _ in range(9):
        types(cast, cast.tini, "0000000000")

    def guesses() -> int:
        return len(world.do(lambda s: list(s.exec(select(CodeGuessRow)))))

    assert guesses() == GUESSES_A_MINUTE
    world.now += 2 * DAY
    types(cast, cast.tini, "0000000000")
    assert guesses() == 1


def test_owner_changes_what_is_shared_and_each_decision_is_kept_once(cast: Cast, world: World) -> None:
    def change(sharing: Sharing) -> bool:
        return world.do(
            lambda s: joining.change_sharing(
                s, owner=cast.sari, group_id=cast.id, sharing=sharing, version="v2", text="baru", now=world.now
            )
        )

    assert (change(Sharing.SUMS), mine(cast, cast.sari)[0].shares) == (True, False)
    assert (change(Sharing.NAME), mine(cast, cast.sari)[0].shares) == (True, True)
    assert (change(Sharing.NAME), mine(cast, cast.sari)[0].shares) == (True, True)
    assert (change(Sharing.NOTHING), mine(cast, cast.sari)) == (True, [])
    assert [change(sharing) for sharing in Sharing] == [False, False, False]

    new = hashlib.sha256(b"baru").hexdigest()
    assert log(cast, cast.sari) == [
        (cast.id, "nama", VERSION, HASH),
        (cast.id, "jumlah", "v2", new),
        (cast.id, "nama", "v2", new),
        (cast.id, "keluar", "", ""),
    ]


def test_owner_leaves_at_once_and_once(cast: Cast, world: World) -> None:
    def leave(owner: Person) -> bool:
        return world.do(lambda s: joining.leave(s, owner=owner, group_id=cast.id, now=world.now))

    assert [leave(owner) for owner in (cast.sari, cast.sari, cast.budi, cast.wayan)] == [True, False, True, False]
    assert log(cast, cast.sari) == [(cast.id, "nama", VERSION, HASH), (cast.id, "keluar", "", "")]
    assert [one.person_id for one in world.do(lambda s: members.cohort(s, cast.id))] == [cast.dewi.id]
    assert [m.group_name for m in mine(cast, cast.wayan)] == ["Pasar Lama"]


def test_owner_mutes_one_group_and_hears_it_again(cast: Cast, world: World) -> None:
    cast.enters(cast.sari, cast.other)

    def mute(owner: Person, *, muted: bool) -> bool:
        return world.do(lambda s: joining.mute(s, owner=owner, group_id=cast.id, muted=muted))

    assert mute(cast.sari, muted=True)
    assert [(m.group_name, m.muted) for m in mine(cast, cast.sari)] == [("Pasar Baru", True), ("Pasar Lama", False)]
    assert mute(cast.sari, muted=False)
    assert [m.muted for m in mine(cast, cast.sari)] == [False, False]
    assert [mute(owner, muted=True) for owner in (cast.tini, cast.wayan)] == [False, False]


def test_opened_invitations_are_counted_until_decided(cast: Cast, world: World) -> None:
    def invited() -> int:
        return world.do(lambda s: members.invited_count(s, cast.id))

    by_link(cast, cast.tini)
    by_link(cast, cast.wayan)
    by_link(cast, cast.maya.person, cast.other.invitation.token)
    assert invited() == 2

    joins(cast, cast.tini)
    with suppress(NoWayIn):
        by_link(cast, cast.wayan, cast.other.invitation.token)
    assert (invited(), len(world.do(lambda s: list(s.exec(select(InvitedRow)))))) == (1, 2)
