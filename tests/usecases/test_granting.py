"""Giving and taking roles: asked for, confirmed once more by who asked, and then in force at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlmodel import Session, select

from bot.core.access import Viewer
from bot.core.delivery import Kind
from bot.core.grant import ASKED_MOST, CONFIRM_WITHIN, INVITATION_LASTS, Deed, Grant, GrantId, Trust
from bot.core.group import GroupId
from bot.core.person import Person, Role
from bot.store import audit, groups, members, people
from bot.store.audit import Wanted
from bot.store.tables import GrantRow
from bot.usecases import accounts, granting, grouping, privacy, signing_in
from bot.usecases.granting import GrantRefused, Held, Why
from bot.usecases.grouping import NotForYou, hashed
from bot.usecases.signing_in import Channel
from tests.usecases.cast import Cast
from tests.usecases.world import World

ADMIN = 9001
NAMED = frozenset({ADMIN})


@dataclass(slots=True)
class Office:
    """An admin of the settings, and short ways to ask and confirm."""

    cast: Cast
    ayu: Viewer
    admins: frozenset[int] = NAMED

    @property
    def world(self) -> World:
        return self.cast.world

    def person(self, person: Person) -> Person:
        """Return somebody as they are now."""
        found = self.world.do(lambda s: people.by_id(s, person.id))
        assert found is not None
        return found

    def asks(
        self,
        trust: Trust,
        deed: Deed,
        person: Person | None = None,
        group: GroupId | None = None,
        *,
        by: Viewer | None = None,
        by_chat: bool = False,
    ) -> Grant:
        return self.world.do(
            lambda s: granting.ask(
                s,
                viewer=by or self.ayu,
                trust=trust,
                deed=deed,
                person_id=person.id if person else None,
                group_id=group,
                admins=self.admins,
                by_chat=by_chat,
                now=self.world.now,
            )
        )

    def confirms(self, grant: Grant, *, by: Viewer | None = None) -> Held:
        return self.world.do(
            lambda s: granting.confirm(
                s,
                viewer=by or self.ayu,
                grant_id=grant.id,
                admins=self.admins,
                library=self.world.library,
                new_token=self.cast.tokens,
                now=self.world.now,
            )
        )

    def does(self, trust: Trust, deed: Deed, person: Person, *, by: Viewer | None = None) -> Person:
        """Ask and confirm; return the person afterwards."""
        self.confirms(self.asks(trust, deed, person, by=by), by=by)
        return self.person(person)

    def invites(self, trust: Trust) -> str:
        """Make an invitation; return its token."""
        token = self.confirms(self.asks(trust, Deed.INVITE)).token
        assert token is not None
        return token

    def takes_up(self, person: Person, trust: Trust, token: str) -> Person:
        now_known = self.person(person)
        return self.world.do(
            lambda s: granting.take_up(
                s,
                person=now_known,
                trust=trust,
                token=token,
                admins=self.admins,
                library=self.world.library,
                now=self.world.now,
            )
        )

    def log(self) -> list[tuple[str, str, str | None, str | None]]:
        """Return what the log holds: what, about which thing, before and after; the latest first."""
        found = self.world.do(lambda s: audit.entries(s, Wanted(), limit=100))
        return [(entry.act, entry.thing, entry.before, entry.after) for entry in found]

    def coaches_of(self, group: GroupId) -> list[tuple[str, bool]]:
        return [(c.first_name, c.leads) for c in self.world.do(lambda s: groups.coaches(s, group))]


@pytest.fixture
def office(cast: Cast) -> Office:
    return Office(cast, Viewer(cast.world.joins(ADMIN, "Ayu"), is_admin=True))


def refused(work: Callable[[], object]) -> Why:
    with pytest.raises(GrantRefused) as told:
        work()
    return told.value.why


def test_admin_holds_only_once_confirmed(office: Office) -> None:
    grant = office.asks(Trust.ADMIN, Deed.GIVE, office.cast.tini)
    before = office.person(office.cast.tini)

    held = office.confirms(grant)

    assert (before.is_admin, office.person(office.cast.tini).is_admin) == (False, True)
    assert (held.token, held.orphans) == (None, ())


def test_admin_keeps_the_role_of_their_own(office: Office) -> None:
    assert office.does(Trust.ADMIN, Deed.GIVE, office.cast.tini).role is Role.OWNER


def test_asking_on_the_web_brings_the_question_to_the_chat_of_who_asked(office: Office) -> None:
    grant = office.asks(Trust.ADMIN, Deed.GIVE, office.cast.tini)
    office.asks(Trust.COACH, Deed.GIVE, office.cast.tini, by_chat=True)

    owed = [(row.person_id, row.key) for row in office.cast.owed(Kind.GRANT_ASKED)]

    assert owed == [(office.ayu.person.id, f"pastikan_peran:{grant.id}")]


def test_person_concerned_is_told(office: Office) -> None:
    grant = office.asks(Trust.ADMIN, Deed.GIVE, office.cast.tini)
    office.confirms(grant)

    assert [(r.person_id, r.key) for r in office.cast.owed(Kind.ROLE)] == [(office.cast.tini.id, f"peran:{grant.id}")]


def test_log_tells_each_step_without_a_telegram_id(office: Office) -> None:
    office.does(Trust.ADMIN, Deed.GIVE, office.cast.tini)

    thing = f"person:{office.cast.tini.id}"
    assert office.log() == [
        ("role.give", thing, "pemilik", "pemilik, admin"),
        ("role.ask", thing, None, "beri admin"),
    ]


def test_confirmation_comes_too_late_after_half_an_hour(office: Office) -> None:
    grant = office.asks(Trust.ADMIN, Deed.GIVE, office.cast.tini)
    office.world.now += CONFIRM_WITHIN

    assert refused(lambda: office.confirms(grant)) is Why.OVER
    assert not office.person(office.cast.tini).is_admin


def test_second_confirmation_changes_nothing(office: Office) -> None:
    grant = office.asks(Trust.ADMIN, Deed.GIVE, office.cast.tini)
    office.confirms(grant)
    log = office.log()

    assert refused(lambda: office.confirms(grant)) is Why.DONE
    assert office.log() == log


def test_two_confirmations_at_once_hold_once(office: Office) -> None:
    grant = office.asks(Trust.COACH, Deed.INVITE)

    def tries(_: int) -> Held | Why:
        try:
            return office.confirms(grant)
        except GrantRefused as error:
            return error.why

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(tries, range(8)))

    assert sum(isinstance(outcome, Held) for outcome in outcomes) == 1
    assert outcomes.count(Why.DONE) == 7
    assert [entry[0] for entry in office.log()] == ["invitation.make", "role.ask"]


def test_nobody_confirms_what_another_admin_asked_for(office: Office) -> None:
    office.does(Trust.ADMIN, Deed.GIVE, office.cast.tini)
    other = Viewer(office.person(office.cast.tini), is_admin=True)
    grant = office.asks(Trust.ADMIN, Deed.GIVE, office.cast.wayan)

    assert refused(lambda: office.confirms(grant, by=other)) is Why.OVER
    assert not office.person(office.cast.wayan).is_admin


def test_asking_twice_is_asking_once(office: Office) -> None:
    first = office.asks(Trust.ADMIN, Deed.GIVE, office.cast.tini)

    again = office.asks(Trust.ADMIN, Deed.GIVE, office.cast.tini)

    assert again == first
    assert [entry[0] for entry in office.log()] == ["role.ask"]
    assert len(office.cast.owed(Kind.GRANT_ASKED)) == 1


def test_admin_has_only_so_many_changes_open(office: Office) -> None:
    for n in range(ASKED_MOST):
        office.asks(Trust.ADMIN, Deed.GIVE, office.world.joins(7000 + n, "Calon"))

    assert refused(lambda: office.asks(Trust.ADMIN, Deed.GIVE, office.cast.tini)) is Why.TOO_MANY
    office.world.now += CONFIRM_WITHIN
    assert office.asks(Trust.ADMIN, Deed.GIVE, office.cast.tini).trust is Trust.ADMIN


@pytest.mark.parametrize("who", ["lead", "member", "stranger", "second coach"])
def test_nobody_but_admins_asks_finds_or_looks(office: Office, who: str) -> None:
    viewer, now, tini = office.cast.everybody[who], office.world.now, office.cast.tini

    def tries(work: Callable[[Session], object]) -> None:
        with pytest.raises(NotForYou):
            office.world.do(work)

    for deed in Deed:
        with pytest.raises(NotForYou):
            office.asks(Trust.ADMIN, deed, tini, by=viewer)
    tries(lambda s: granting.staff(s, viewer=viewer, admins=NAMED, now=now))
    tries(lambda s: granting.coaches(s, viewer=viewer, called="", admins=NAMED, limit=9))
    tries(lambda s: granting.count_coaches(s, viewer=viewer, called=""))
    tries(lambda s: granting.find(s, viewer=viewer, telegram_id=tini.telegram_id))
    tries(lambda s: granting.decline(s, viewer=viewer, grant_id=GrantId(1), now=now))
    tries(lambda s: granting.asked(s, viewer=viewer, grant_id=GrantId(1), now=now))


def test_what_is_so_already_is_refused(office: Office) -> None:
    joko = office.cast.joko.person

    assert refused(lambda: office.asks(Trust.COACH, Deed.GIVE, joko)) is Why.ALREADY
    assert refused(lambda: office.asks(Trust.ADMIN, Deed.TAKE, joko)) is Why.ALREADY
    assert refused(lambda: office.asks(Trust.COACH, Deed.TAKE, office.cast.tini)) is Why.ALREADY
    assert refused(lambda: office.asks(Trust.ADMIN, Deed.GIVE, office.ayu.person)) is Why.ALREADY


def test_who_never_joined_is_not_known(office: Office) -> None:
    found = refused(lambda: office.world.do(lambda s: granting.find(s, viewer=office.ayu, telegram_id=424242)))

    assert found is Why.UNKNOWN
    assert refused(lambda: office.asks(Trust.ADMIN, Deed.GIVE)) is Why.UNKNOWN


def test_admin_of_the_settings_stays_one(office: Office) -> None:
    office.does(Trust.ADMIN, Deed.GIVE, office.cast.tini)
    tini = Viewer(office.person(office.cast.tini), is_admin=True)

    assert refused(lambda: office.asks(Trust.ADMIN, Deed.TAKE, office.ayu.person, by=tini)) is Why.NAMED


def test_last_admin_stays_one(office: Office) -> None:
    tini = Viewer(office.does(Trust.ADMIN, Deed.GIVE, office.cast.tini), is_admin=True)
    office.admins = frozenset()

    assert refused(lambda: office.asks(Trust.ADMIN, Deed.TAKE, tini.person, by=tini)) is Why.LAST_ADMIN


def test_admin_without_a_role_does_not_count_as_another(office: Office) -> None:
    tini = Viewer(office.does(Trust.ADMIN, Deed.GIVE, office.cast.tini), is_admin=True)
    office.does(Trust.ADMIN, Deed.GIVE, office.cast.joko.person)
    office.does(Trust.COACH, Deed.TAKE, office.cast.joko.person)
    office.admins = frozenset()

    assert refused(lambda: office.asks(Trust.ADMIN, Deed.TAKE, tini.person, by=tini)) is Why.LAST_ADMIN


def test_two_admins_who_take_each_other_leave_one(office: Office) -> None:
    pair = [
        Viewer(office.does(Trust.ADMIN, Deed.GIVE, p), is_admin=True) for p in (office.cast.tini, office.cast.wayan)
    ]
    office.admins = frozenset()
    asked = [office.asks(Trust.ADMIN, Deed.TAKE, pair[1 - n].person, by=pair[n]) for n in (0, 1)]

    def tries(n: int) -> bool:
        try:
            office.confirms(asked[n], by=pair[n])
        except GrantRefused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        held = list(pool.map(tries, (0, 1)))

    assert sorted(held) == [False, True]
    assert sum(office.person(one.person).is_admin for one in pair) == 1


def test_taking_admin_signs_out_at_once_and_takes_back_what_was_asked(office: Office) -> None:
    tini = Viewer(office.does(Trust.ADMIN, Deed.GIVE, office.cast.tini), is_admin=True)
    opened = office.world.do(
        lambda s: signing_in.open_session(
            s, owner=tini.person, channel=Channel.LINK, new_token=lambda size: "s" * 43, now=office.world.now
        )
    )
    waiting = office.asks(Trust.ADMIN, Deed.GIVE, office.cast.wayan, by=tini)
    token = office.confirms(office.asks(Trust.ADMIN, Deed.INVITE, by=tini), by=tini).token
    assert token is not None

    after = office.does(Trust.ADMIN, Deed.TAKE, tini.person)

    assert (after.is_admin, after.role) == (False, Role.OWNER)
    assert (
        office.world.do(
            lambda s: signing_in.session_of(s, secret=opened.secret, channel=Channel.LINK, now=office.world.now)
        )
        is None
    )
    assert refused(lambda: office.confirms(waiting, by=tini)) is Why.OVER
    assert refused(lambda: office.takes_up(office.cast.wayan, Trust.ADMIN, token)) is Why.OVER


def test_coach_by_grant_closes_an_owners_sitting(office: Office) -> None:
    begun = office.world.begins(office.cast.tini)
    assert begun.attempt.is_active

    after = office.does(Trust.COACH, Deed.GIVE, office.cast.tini)

    assert after.role is Role.COACH
    assert office.world.stands(after) is None


def test_member_of_a_group_becomes_coach_only_by_an_invitation(office: Office) -> None:
    sari = office.cast.sari
    assert refused(lambda: office.asks(Trust.COACH, Deed.GIVE, sari)) is Why.IS_MEMBER

    after = office.takes_up(sari, Trust.COACH, office.invites(Trust.COACH))

    assert after.role is Role.COACH
    assert office.world.do(lambda s: members.memberships(s, sari.id)) == []


def test_group_of_a_coach_who_ends_goes_to_the_second_coach(office: Office) -> None:
    joko = office.cast.joko.person

    after = office.does(Trust.COACH, Deed.TAKE, joko)

    assert after.role is None
    assert office.coaches_of(office.cast.id) == [("Putu", True)]
    assert [row.person_id for row in office.cast.owed(Kind.LEADS)] == [office.cast.putu.person.id]
    assert (
        "group.coach",
        f"group:{office.cast.id}",
        f"person:{joko.id}",
        f"person:{office.cast.putu.person.id}",
    ) in (office.log())


def test_second_coach_who_ends_leaves_the_lead_where_it_is(office: Office) -> None:
    office.does(Trust.COACH, Deed.TAKE, office.cast.putu.person)

    assert office.coaches_of(office.cast.id) == [("Joko", True)]
    assert office.cast.owed(Kind.LEADS) == []


def test_group_without_another_coach_stays_with_its_members_and_is_shown_to_admins(office: Office) -> None:
    grant = office.asks(Trust.COACH, Deed.TAKE, office.cast.rani.person)

    held = office.confirms(grant)

    other, now = office.cast.other.id, office.world.now
    found = office.world.do(lambda s: granting.staff(s, viewer=office.ayu, admins=NAMED, now=now))
    assert [group.id for group in held.orphans] == [other]
    assert [group.id for group in found.orphans] == [other]
    assert not found.orphans[0].invitation.is_open(now)
    assert office.world.do(lambda s: members.ids(s, other)) == [office.cast.wayan.id]
    assert office.cast.may(lambda s, v, g: grouping.look(s, viewer=v, group_id=g), other) == set()


def test_coach_who_ended_may_choose_to_own_a_business_but_not_to_coach(office: Office) -> None:
    rani = office.does(Trust.COACH, Deed.TAKE, office.cast.rani.person)
    assert not office.world.do(lambda s: granting.may_coach(s, person=rani))

    owner = office.world.do(lambda s: accounts.choose_role(s, owner=rani, role=Role.OWNER))
    again = office.does(Trust.COACH, Deed.GIVE, owner)

    assert office.world.do(lambda s: granting.may_coach(s, person=again))
    assert office.world.do(lambda s: granting.may_coach(s, person=office.cast.tini))


def test_group_without_a_coach_is_handed_to_another_and_its_members_are_told(office: Office) -> None:
    office.does(Trust.COACH, Deed.TAKE, office.cast.rani.person)
    other, joko = office.cast.other.id, office.cast.joko.person

    office.confirms(office.asks(Trust.COACH, Deed.HAND_OVER, joko, other))

    assert office.coaches_of(other) == [("Joko", True)]
    assert [(r.person_id, r.group_id) for r in office.cast.owed(Kind.LEADS)] == [(joko.id, other)]
    assert [(r.person_id, r.sender_name) for r in office.cast.owed(Kind.NEW_COACH) if r.group_id == other] == [
        (office.cast.wayan.id, "Joko")
    ]
    assert office.log()[0] == ("group.coach", f"group:{other}", None, f"person:{joko.id}")


def test_group_is_handed_only_to_a_coach_and_only_where_nobody_coaches(office: Office) -> None:
    cast = office.cast
    office.does(Trust.COACH, Deed.TAKE, cast.rani.person)

    def hands(person: Person, group: GroupId) -> Grant:
        return office.asks(Trust.COACH, Deed.HAND_OVER, person, group)

    assert refused(lambda: hands(cast.tini, cast.other.id)) is Why.NO_COACH
    assert refused(lambda: hands(cast.agus.person, cast.id)) is Why.HAS_COACH
    first, second = hands(cast.joko.person, cast.other.id), hands(cast.putu.person, cast.other.id)
    office.confirms(first)
    assert refused(lambda: office.confirms(second)) is Why.HAS_COACH


def test_invitation_is_kept_as_a_hash_only(office: Office) -> None:
    token = office.invites(Trust.ADMIN)

    rows = office.world.do(lambda s: list(s.exec(select(GrantRow))))
    assert [(row.token_hash, row.telegram_id) for row in rows] == [(hashed(token), None)]
    assert token not in repr(rows)
    assert token not in repr(office.log())


def test_invitation_works_once(office: Office) -> None:
    token = office.invites(Trust.ADMIN)

    after = office.takes_up(office.cast.tini, Trust.ADMIN, token)

    assert (after.is_admin, office.person(office.cast.tini).is_admin) == (True, True)
    assert refused(lambda: office.takes_up(office.cast.wayan, Trust.ADMIN, token)) is Why.OVER
    assert [(r.person_id, r.sender_name) for r in office.cast.owed(Kind.GRANT_USED)] == [(office.ayu.person.id, "Tini")]


def test_invitation_taken_by_many_at_once_works_for_one(office: Office) -> None:
    token = office.invites(Trust.ADMIN)
    finders = [office.world.joins(7100 + n, f"Penemu {n}") for n in range(6)]

    def tries(person: Person) -> bool:
        try:
            office.takes_up(person, Trust.ADMIN, token)
        except GrantRefused:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(tries, finders))

    assert sum(taken) == 1
    assert [office.person(one).is_admin for one in finders] == taken


def test_invitation_ends_after_three_days(office: Office) -> None:
    token = office.invites(Trust.COACH)
    office.world.now += INVITATION_LASTS

    assert refused(lambda: office.takes_up(office.cast.tini, Trust.COACH, token)) is Why.OVER


def test_invitation_is_not_spent_by_who_is_one_already(office: Office) -> None:
    token = office.invites(Trust.COACH)

    assert refused(lambda: office.takes_up(office.cast.joko.person, Trust.COACH, token)) is Why.ALREADY
    assert office.takes_up(office.cast.tini, Trust.COACH, token).role is Role.COACH


def test_invitation_to_coach_makes_no_admin(office: Office) -> None:
    token = office.invites(Trust.COACH)

    assert refused(lambda: office.takes_up(office.cast.tini, Trust.ADMIN, token)) is Why.OVER


@pytest.mark.parametrize("token", ["", "x" * 22, "=" * 22])
def test_guessed_token_leads_nowhere(office: Office, token: str) -> None:
    office.asks(Trust.ADMIN, Deed.INVITE)

    assert refused(lambda: office.takes_up(office.cast.tini, Trust.ADMIN, token)) is Why.OVER


def test_invitation_of_an_admin_whom_the_settings_name_no_more_is_void(office: Office) -> None:
    token = office.invites(Trust.ADMIN)
    office.admins = frozenset()

    assert refused(lambda: office.takes_up(office.cast.tini, Trust.ADMIN, token)) is Why.OVER


def test_declined_change_never_holds(office: Office) -> None:
    grant = office.asks(Trust.ADMIN, Deed.GIVE, office.cast.tini)

    office.world.do(lambda s: granting.decline(s, viewer=office.ayu, grant_id=grant.id, now=office.world.now))

    assert refused(lambda: office.confirms(grant)) is Why.OVER
    assert office.log()[0] == ("role.drop", f"person:{office.cast.tini.id}", "beri admin", None)


def test_withdrawn_invitation_leads_nowhere_whoever_withdrew_it(office: Office) -> None:
    tini = Viewer(office.does(Trust.ADMIN, Deed.GIVE, office.cast.tini), is_admin=True)
    grant = office.asks(Trust.COACH, Deed.INVITE)
    token = office.confirms(grant).token
    assert token is not None

    office.world.do(lambda s: granting.decline(s, viewer=tini, grant_id=grant.id, now=office.world.now))

    assert refused(lambda: office.takes_up(office.cast.wayan, Trust.COACH, token)) is Why.OVER


def test_nobody_declines_what_another_admin_is_still_asked(office: Office) -> None:
    tini = Viewer(office.does(Trust.ADMIN, Deed.GIVE, office.cast.tini), is_admin=True)
    grant = office.asks(Trust.ADMIN, Deed.GIVE, office.cast.wayan)

    office.world.do(lambda s: granting.decline(s, viewer=tini, grant_id=grant.id, now=office.world.now))

    assert office.confirms(grant).person is not None


def test_who_did_not_ask_takes_all_back_and_signs_out(office: Office) -> None:
    opened = office.world.do(
        lambda s: signing_in.open_session(
            s, owner=office.ayu.person, channel=Channel.LINK, new_token=lambda size: "s" * 43, now=office.world.now
        )
    )
    first = office.asks(Trust.ADMIN, Deed.GIVE, office.cast.tini)
    second = office.asks(Trust.COACH, Deed.INVITE)

    office.world.do(
        lambda s: granting.decline(s, viewer=office.ayu, grant_id=first.id, everything=True, now=office.world.now)
    )

    assert refused(lambda: office.confirms(first)) is Why.OVER
    assert refused(lambda: office.confirms(second)) is Why.OVER
    assert (
        office.world.do(
            lambda s: signing_in.session_of(s, secret=opened.secret, channel=Channel.LINK, now=office.world.now)
        )
        is None
    )


def test_confirmation_asks_again_whether_it_still_makes_sense(office: Office) -> None:
    grant = office.asks(Trust.COACH, Deed.GIVE, office.cast.tini)
    office.cast.enters(office.cast.tini)

    assert refused(lambda: office.confirms(grant)) is Why.IS_MEMBER
    assert office.person(office.cast.tini).role is Role.OWNER


def test_erased_person_takes_nothing_with_a_name_along_and_their_questions_are_void(office: Office) -> None:
    tini = Viewer(office.does(Trust.ADMIN, Deed.GIVE, office.cast.tini), is_admin=True)
    asked_by = office.asks(Trust.ADMIN, Deed.GIVE, office.cast.wayan, by=tini)
    about = office.asks(Trust.ADMIN, Deed.TAKE, tini.person)

    office.world.do(lambda s: privacy.erase(s, owner=tini.person))

    assert office.world.do(lambda s: list(s.exec(select(GrantRow)))) == []
    assert refused(lambda: office.confirms(about)) is Why.OVER
    assert refused(lambda: office.confirms(asked_by, by=tini)) is Why.OVER


def test_staff_lists_admins_with_where_they_come_from(office: Office) -> None:
    office.does(Trust.ADMIN, Deed.GIVE, office.cast.tini)
    office.admins = frozenset({ADMIN, 9002})

    found = office.world.do(lambda s: granting.staff(s, viewer=office.ayu, admins=office.admins, now=office.world.now))

    assert [(one.first_name, one.is_named, one.is_you) for one in found.admins] == [
        ("Tini", False, False),
        ("Ayu", True, True),
    ]
    assert found.not_joined == 1


def test_staff_tells_what_waits_in_names(office: Office) -> None:
    office.asks(Trust.ADMIN, Deed.GIVE, office.cast.tini)
    office.invites(Trust.COACH)

    found = office.world.do(lambda s: granting.staff(s, viewer=office.ayu, admins=NAMED, now=office.world.now))

    told = [
        (line.grant.deed, line.grant.trust, line.about, line.asked_by) for line in (*found.asked, *found.invitations)
    ]
    assert told == [(Deed.GIVE, Trust.ADMIN, "Tini", "Ayu"), (Deed.INVITE, Trust.COACH, "", "Ayu")]


def test_coaches_are_found_by_name_with_the_number_of_their_groups(office: Office) -> None:
    def found(called: str) -> list[tuple[str, int]]:
        listed = office.world.do(
            lambda s: granting.coaches(s, viewer=office.ayu, called=called, admins=NAMED, limit=10)
        )
        return [(one.first_name, one.groups) for one in listed]

    assert found("") == [("Agus", 0), ("Joko", 1), ("Putu", 1), ("Rani", 1)]
    assert found("jO") == [("Joko", 1)]
    assert found("%") == []
    assert office.world.do(lambda s: granting.count_coaches(s, viewer=office.ayu, called="")) == 4
