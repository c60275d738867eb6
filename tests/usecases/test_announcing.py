"""Announcements from the draft to the people who are owed them: only who allows it, no more than two a week, by day."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from bot.core.access import Viewer
from bot.core.announcement import AnnouncementId, Circle, Progress, State, Wording
from bot.core.delivery import Kind, Outcome
from bot.core.group import GroupId
from bot.core.person import Person, PersonId, Zone
from bot.core.wish import Wanted as Said
from bot.core.wish import Wish
from bot.store import announcements, audit, wishes
from bot.store.announcements import Reach
from bot.store.audit import Wanted
from bot.texts.notice import Fault
from bot.usecases import accounts, announcing, grouping, joining, owing, privacy, reminding
from bot.usecases.announcing import ChangedMeanwhile, OutOfTime, Refused, Written
from bot.usecases.grouping import NotForYou
from tests.usecases.cohort import coach, due, enters, group_of, outcomes, owes
from tests.usecases.news import TOLD, admin, allows, crowd, drafts, owed_to, progress, seen, sends, spreads
from tests.usecases.world import World

EVERYONE = Wording(TOLD, Circle.EVERYONE)
EVENING = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
"""20.30 WIB, 22.30 WIT."""
MISSING = AnnouncementId(99)


@pytest.fixture
def ayu(world: World) -> Viewer:
    return admin(world)


def log(world: World) -> list[tuple[int, str, str]]:
    found = world.do(lambda s: audit.entries(s, Wanted(), limit=50))
    return [(one.actor, one.act, one.thing) for one in reversed(found)]


def changes(world: World, viewer: Viewer, one: AnnouncementId, wording: Wording, told: Wording = EVERYONE) -> object:
    mark = announcing.seal(told)
    return world.do(
        lambda s: announcing.change(s, viewer=viewer, announcement_id=one, seen=mark, wording=wording, now=world.now)
    )


def plans(
    world: World, viewer: Viewer, one: AnnouncementId, due_at: datetime | None, told: Wording = EVERYONE
) -> object:
    mark = announcing.seal(told)
    return world.do(
        lambda s: announcing.plan(s, viewer=viewer, announcement_id=one, seen=mark, due_at=due_at, now=world.now)
    )


def stops(world: World, viewer: Viewer, one: AnnouncementId) -> int:
    return world.do(lambda s: announcing.stop(s, viewer=viewer, announcement_id=one, now=world.now))


def counts(world: World, viewer: Viewer, wording: Wording) -> Reach:
    return seen(world, viewer, drafts(world, viewer, wording).id).reach


def ends(world: World, owed: owing.Owed, outcome: Outcome) -> None:
    world.do(lambda s: owing.settle(s, delivery_id=owed.id, outcome=outcome, now=world.now))


def takes(world: World, viewer: Viewer, step: str, one: AnnouncementId) -> None:
    world.do(lambda s: STEPS[step](s, viewer, one, world.now))


def test_nobody_gets_anything_who_did_not_ask_for_it(world: World, ayu: Viewer, sari: Person, joko: Person) -> None:
    allows(world, sari)

    one = sends(world, ayu)
    spreads(world)

    assert (joko.wants_news, owed_to(world, one)) == (False, [sari.id])


def test_announcement_says_what_was_typed(world: World, ayu: Viewer, sari: Person) -> None:
    allows(world, sari)
    sends(world, ayu)
    spreads(world)

    (owed,) = due(world)

    assert (owed.person.id, owed.news, owed.sender_name, owed.group_id) == (sari.id, TOLD, "", None)


def test_draft_is_owed_to_nobody(world: World, ayu: Viewer, sari: Person) -> None:
    allows(world, sari)
    one = drafts(world, ayu)

    assert (spreads(world), seen(world, ayu, one.id).state) == ([], State.DRAFT)


def test_planned_one_waits_for_its_moment(world: World, ayu: Viewer, sari: Person) -> None:
    allows(world, sari)
    one = sends(world, ayu, due_at=world.now + timedelta(hours=2))
    before = (spreads(world), seen(world, ayu, one).state)

    world.now += timedelta(hours=2)

    assert (before, spreads(world)) == (([], State.PLANNED), [1])


@pytest.mark.parametrize("late", [-timedelta(seconds=1), timedelta(days=90, seconds=1)])
def test_moment_that_passed_or_is_far_ahead_is_refused(world: World, ayu: Viewer, late: timedelta) -> None:
    one = drafts(world, ayu)

    assert plans(world, ayu, one.id, world.now + late) == OutOfTime()
    assert seen(world, ayu, one.id).state is State.DRAFT


@pytest.mark.parametrize(
    ("wording", "refused"),
    [
        (replace(EVERYONE, text="<b>x"), Refused((Fault.UNBALANCED,), nobody=False)),
        (replace(EVERYONE, text="x" * 1501), Refused((Fault.LONG,), nobody=False)),
        (replace(EVERYONE, target="33"), Refused((), nobody=True)),
        (Wording("", Circle.PROVINCE, "99"), Refused((Fault.EMPTY,), nobody=True)),
        (Wording(TOLD, Circle.PROVINCE, "3305"), Refused((), nobody=True)),
        (Wording(TOLD, Circle.PROVINCE), Refused((), nobody=True)),
        (Wording(TOLD, Circle.PROGRAMME, "Tidak ada"), Refused((), nobody=True)),
        (Wording(TOLD, Circle.GROUP, "99"), Refused((), nobody=True)),
        (Wording(TOLD, Circle.GROUP, "x"), Refused((), nobody=True)),
    ],
)
def test_draft_is_refused_for_its_text_or_for_nobody(
    world: World, ayu: Viewer, wording: Wording, refused: Refused
) -> None:
    first = drafts(world, ayu)

    assert world.do(lambda s: announcing.draft(s, viewer=ayu, wording=wording, now=world.now)) == refused
    assert changes(world, ayu, first.id, wording) == refused
    assert seen(world, ayu, first.id).announcement == first


def test_each_circle_reaches_those_inside(world: World, ayu: Viewer, sari: Person) -> None:
    joko = coach(world)
    group = group_of(world, joko)
    world.do(lambda s: grouping.place(s, viewer=joko, group_id=group.id, code="3305"))
    world.do(lambda s: grouping.set_programme(s, viewer=joko, group_id=group.id, programme="BBI"))
    outside, waits = world.joins(1009, "Luar"), world.joins(1008, "Menunggu")
    enters(world, sari, group)
    world.do(lambda s: grouping.set_approval(s, viewer=joko, group_id=group.id, approves=True))
    enters(world, waits, group)
    for person in (sari, joko.person, outside, waits):
        allows(world, person)

    inside = sorted([sari.id, joko.person.id])
    circles = {
        Circle.EVERYONE: (None, sorted([*inside, outside.id, waits.id])),
        Circle.PROVINCE: ("33", inside),
        Circle.PROGRAMME: ("BBI", inside),
        Circle.GROUP: (str(group.id), inside),
    }
    for circle, (target, meant) in circles.items():
        found = counts(world, ayu, Wording(TOLD, circle, target))
        world.now += timedelta(days=7)
        one = sends(world, ayu, Wording(TOLD, circle, target))
        spreads(world)

        assert (circle, found.receivers, owed_to(world, one)) == (circle, len(meant), meant)


def test_reach_counts_who_is_meant_who_allows_it_and_who_had_enough(world: World, ayu: Viewer, sari: Person) -> None:
    crowd(world, 3, wants=False)
    crowd(world, 4)
    gone = allows(world, world.joins(1007, "Pergi"))
    world.do(lambda s: accounts.note_reachable(s, telegram_id=gone.telegram_id, reachable=False))
    for _ in range(2):
        sends(world, ayu)
        spreads(world)
    allows(world, sari)

    found = counts(world, ayu, EVERYONE)

    assert (found, found.receivers) == (Reach(meant=9, allowing=5, resting=4), 1)


def test_nobody_gets_more_than_two_a_week(world: World, ayu: Viewer, sari: Person) -> None:
    allows(world, sari)
    ids = []
    for _ in range(3):
        ids.append(sends(world, ayu))
        spreads(world)
        world.now += timedelta(days=2)
    world.now += timedelta(days=1, minutes=1)
    ids.append(sends(world, ayu))
    spreads(world)

    assert [len(owed_to(world, one)) for one in ids] == [1, 1, 0, 1]


def test_one_that_was_called_off_counts_for_nothing(world: World, ayu: Viewer, sari: Person) -> None:
    allows(world, sari)
    for _ in range(2):
        one = sends(world, ayu)
        spreads(world)
        stops(world, ayu, one)

    last = sends(world, ayu)

    assert (spreads(world), owed_to(world, last)) == ([1], [sari.id])


def test_coaches_messages_and_announcements_do_not_count_for_each_other(
    world: World, ayu: Viewer, sari: Person
) -> None:
    joko = coach(world)
    group = group_of(world, joko)
    enters(world, sari, group)
    allows(world, sari)
    for _ in range(2):
        sends(world, ayu)
        spreads(world)
    reminded = world.do(lambda s: reminding.remind(s, viewer=joko, group_id=group.id, now=world.now))
    for code in ("M-O2-cek-mutasi", "x", "y"):
        owes(world, sari, Kind.LESSON, group, key=code, module_code=code)
    world.now += timedelta(days=7)
    for code in ("a", "b", "c"):
        owes(world, sari, Kind.LESSON, group, key=code, module_code=code)
    sends(world, ayu)

    assert (reminded, spreads(world)) == (1, [1])


def test_night_is_waited_out_where_the_reader_lives(world: World, ayu: Viewer, sari: Person, joko: Person) -> None:
    allows(world, sari)
    allows(world, world.do(lambda s: accounts.tell_context(s, owner=joko, told=Zone.WIT)))
    world.now = EVENING
    sends(world, ayu)
    spreads(world)
    at_night = due(world)
    world.now = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
    in_the_east = [owed.person.id for owed in due(world)]
    world.now = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)

    assert (at_night, in_the_east) == ([], [joko.id])
    assert sorted(owed.person.id for owed in due(world)) == sorted([sari.id, joko.id])


def test_what_is_due_by_day_and_found_at_night_waits_for_the_morning(world: World, ayu: Viewer, sari: Person) -> None:
    allows(world, sari)
    sends(world, ayu)
    spreads(world)
    world.now = EVENING

    assert (due(world), outcomes(world)) == ([], [None])
    world.now = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
    assert [owed.person.id for owed in due(world)] == [sari.id]


def refuses_news(world: World, sari: Person) -> None:
    allows(world, sari, wants=False)


def leaves(world: World, sari: Person) -> None:
    (here,) = world.do(lambda s: joining.mine(s, owner=sari))
    world.do(lambda s: joining.leave(s, owner=sari, group_id=here.group_id, now=world.now))


def mutes_the_coach(world: World, sari: Person) -> None:
    (here,) = world.do(lambda s: joining.mine(s, owner=sari))
    world.do(lambda s: joining.mute(s, owner=sari, group_id=here.group_id, muted=True))


def blocks(world: World, sari: Person) -> None:
    world.do(lambda s: accounts.note_reachable(s, telegram_id=sari.telegram_id, reachable=False))


@pytest.mark.parametrize(
    ("event", "comes", "outcome"),
    [
        (refuses_news, False, "superseded"),
        (leaves, False, "superseded"),
        (blocks, False, "failed"),
        (mutes_the_coach, True, None),
    ],
)
def test_what_a_person_decides_meanwhile_counts(
    world: World, ayu: Viewer, sari: Person, event: Callable[[World, Person], None], comes: bool, outcome: str | None
) -> None:
    group = group_of(world, coach(world))
    enters(world, sari, group)
    allows(world, sari)
    sends(world, ayu, Wording(TOLD, Circle.GROUP, str(group.id)))
    spreads(world)

    event(world, sari)

    assert (len(due(world)), outcomes(world)) == (int(comes), [outcome])


def test_group_put_away_meanwhile_hears_nothing(world: World, ayu: Viewer, sari: Person) -> None:
    joko = coach(world)
    group = group_of(world, joko)
    enters(world, sari, group)
    allows(world, sari)
    wording = Wording(TOLD, Circle.GROUP, str(group.id))
    one = sends(world, ayu, wording)
    spreads(world)

    world.do(lambda s: grouping.archive(s, viewer=joko, group_id=group.id, now=world.now))

    assert (due(world), progress(world, one)) == ([], Progress(stopped=1))
    assert seen(world, ayu, one).target_name == "Warung Ceria"


def test_erased_person_leaves_no_message_behind(world: World, ayu: Viewer, sari: Person) -> None:
    allows(world, sari)
    one = sends(world, ayu)
    spreads(world)

    world.do(lambda s: privacy.erase(s, owner=sari))

    assert (due(world), progress(world, one)) == ([], Progress())


def test_batches_are_bounded_and_everybody_is_owed_once(world: World, ayu: Viewer) -> None:
    ids = crowd(world, 25)
    one = sends(world, ayu)

    sizes = spreads(world, limit=10)

    assert (sizes, owed_to(world, one)) == ([10, 10, 5], ids)
    assert seen(world, ayu, one).announcement.spread_at == world.now


def test_crowd_of_exactly_a_batch_is_noticed_to_be_all(world: World, ayu: Viewer) -> None:
    crowd(world, 10)
    one = sends(world, ayu)

    assert (spreads(world, limit=10), seen(world, ayu, one).state) == ([10], State.UNDER_WAY)
    assert seen(world, ayu, one).announcement.spread_at == world.now


def test_batch_that_is_rolled_back_is_owed_again_and_once(world: World, ayu: Viewer) -> None:
    ids = crowd(world, 25)
    one = sends(world, ayu)
    world.do(lambda s: announcing.spread(s, now=world.now, limit=10))

    def breaks(session: Session) -> None:
        announcing.spread(session, now=world.now, limit=10)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        world.do(breaks)
    half = owed_to(world, one)
    spreads(world, limit=10)

    assert (half, owed_to(world, one)) == (ids[:10], ids)


def test_cursor_set_back_doubles_nobody(world: World, ayu: Viewer) -> None:
    ids = crowd(world, 12)
    one = sends(world, ayu)
    spreads(world, limit=5)

    world.do(lambda s: announcements.note_reached(s, one, PersonId(0), spread_at=None))
    spreads(world, limit=5)

    assert owed_to(world, one) == ids


def test_two_announcements_go_one_after_the_other(world: World, ayu: Viewer) -> None:
    crowd(world, 6)
    first = sends(world, ayu)
    world.now += timedelta(minutes=1)
    second = sends(world, ayu)

    reached = []
    while world.do(lambda s: announcing.spread(s, now=world.now, limit=4)):
        reached.append((len(owed_to(world, first)), len(owed_to(world, second))))

    assert reached == [(4, 0), (6, 0), (6, 4), (6, 6)]


def test_stop_calls_off_all_that_is_owed_and_spreads_no_further(world: World, ayu: Viewer) -> None:
    crowd(world, 25)
    one = sends(world, ayu)
    world.do(lambda s: announcing.spread(s, now=world.now, limit=10))
    for owed in due(world, limit=4):
        ends(world, owed, Outcome.SENT)

    called_off = stops(world, ayu, one)

    assert (called_off, spreads(world), due(world)) == (6, [], [])
    assert (progress(world, one), seen(world, ayu, one).state) == (Progress(sent=4, stopped=6), State.STOPPED)
    assert stops(world, ayu, one) == 0


def test_message_on_its_way_while_stopped_is_noted_as_sent(world: World, ayu: Viewer, sari: Person) -> None:
    allows(world, sari)
    one = sends(world, ayu)
    spreads(world)
    (owed,) = due(world)
    stops(world, ayu, one)

    for outcome in (Outcome.FAILED, Outcome.SENT, Outcome.FAILED):
        ends(world, owed, outcome)

    assert progress(world, one) == Progress(sent=1)


def test_planned_one_can_be_called_off(world: World, ayu: Viewer, sari: Person) -> None:
    allows(world, sari)
    one = sends(world, ayu, due_at=world.now + timedelta(hours=1))

    stops(world, ayu, one)
    world.now += timedelta(hours=2)

    assert (spreads(world), seen(world, ayu, one).state) == ([], State.STOPPED)


def test_what_was_changed_after_it_was_read_is_not_sent(world: World, ayu: Viewer) -> None:
    one = drafts(world, ayu)
    other = replace(EVERYONE, text="Lain sama sekali")

    assert isinstance(changes(world, admin(world, 9002, "Maya"), one.id, other), Written)

    assert plans(world, ayu, one.id, None) == ChangedMeanwhile()
    assert changes(world, ayu, one.id, replace(EVERYONE, text="Punya Ayu")) == ChangedMeanwhile()
    assert seen(world, ayu, one.id).announcement.wording == other


def test_what_goes_out_is_changed_and_sent_no_more(world: World, ayu: Viewer) -> None:
    one = sends(world, ayu, due_at=world.now + timedelta(hours=1))

    assert plans(world, ayu, one, None) == ChangedMeanwhile()
    assert changes(world, ayu, one, replace(EVERYONE, text="Lain")) == ChangedMeanwhile()
    assert seen(world, ayu, one).announcement.due_at == world.now + timedelta(hours=1)


def test_every_step_is_in_the_log(world: World, ayu: Viewer, sari: Person) -> None:
    allows(world, sari)
    one = drafts(world, ayu)
    other = replace(EVERYONE, text="Lain")
    changes(world, ayu, one.id, other)
    changes(world, ayu, one.id, other, told=other)
    plans(world, ayu, one.id, None, told=other)
    spreads(world)
    stops(world, ayu, one.id)
    stops(world, ayu, one.id)

    who, thing = ayu.person.id, f"announcement:{one.id}"
    assert log(world) == [
        (who, "announcement.draft", thing),
        (who, "announcement.change", thing),
        (who, "announcement.plan", thing),
        (0, "announcement.spread", thing),
        (who, "announcement.stop", thing),
    ]
    entries = world.do(lambda s: audit.entries(s, Wanted(thing=thing), limit=9))
    told = [(json.loads(e.before) if e.before else None, json.loads(e.after) if e.after else None) for e in entries]
    assert told[::-1] == [
        (None, ["semua", None, TOLD]),
        (["semua", None, TOLD], ["semua", None, "Lain"]),
        (None, {"due_at": "2026-11-24T03:00+00:00"}),
        (None, {"receivers": 1}),
        (None, {"called_off": 1}),
    ]


Step = Callable[[Session, Viewer, AnnouncementId, datetime], object]
STEPS: dict[str, Step] = {
    "draft": lambda s, v, i, now: announcing.draft(s, viewer=v, wording=EVERYONE, now=now),
    "change": lambda s, v, i, now: announcing.change(
        s, viewer=v, announcement_id=i, seen=announcing.seal(EVERYONE), wording=EVERYONE, now=now
    ),
    "plan": lambda s, v, i, now: announcing.plan(
        s, viewer=v, announcement_id=i, seen=announcing.seal(EVERYONE), due_at=None, now=now
    ),
    "stop": lambda s, v, i, now: announcing.stop(s, viewer=v, announcement_id=i, now=now),
    "view": lambda s, v, i, now: announcing.view(s, viewer=v, announcement_id=i, now=now),
    "listing": lambda s, v, i, now: announcing.listing(s, viewer=v, limit=1, offset=0, now=now),
    "programmes": lambda s, v, i, now: announcing.programmes(s, viewer=v),
    "find_groups": lambda s, v, i, now: announcing.find_groups(s, viewer=v, words="a"),
    "group_chosen": lambda s, v, i, now: announcing.group_chosen(s, viewer=v, group_id=GroupId(1)),
}


@pytest.mark.parametrize("name", STEPS)
def test_only_admins_announce(world: World, ayu: Viewer, name: str) -> None:
    one = drafts(world, ayu)

    for viewer in (coach(world), Viewer(world.joins(1005, "Dewi"))):
        with pytest.raises(NotForYou):
            takes(world, viewer, name, one.id)

    assert [act for _, act, _ in log(world)] == ["announcement.draft"]


@pytest.mark.parametrize("name", ["change", "plan", "stop", "view"])
def test_announcement_that_is_not_there_is_refused(world: World, ayu: Viewer, name: str) -> None:
    with pytest.raises(NotForYou):
        takes(world, ayu, name, MISSING)


def test_groups_are_found_by_a_part_of_their_name(world: World, ayu: Viewer) -> None:
    joko = coach(world)
    for name in ("Pasar Wage", "Pasar 100%", "pasar baru", "Warung"):
        group_of(world, joko, name)
    away = group_of(world, joko, "Pasar Tutup")
    world.do(lambda s: grouping.archive(s, viewer=joko, group_id=away.id, now=world.now))

    def found(words: str) -> list[str]:
        return [one.name for one in world.do(lambda s: announcing.find_groups(s, viewer=ayu, words=words))]

    assert (found("pasar"), found("%"), found("_"), found("")) == (
        ["Pasar 100%", "pasar baru", "Pasar Wage"],
        ["Pasar 100%"],
        [],
        [],
    )


def test_word_on_announcements_is_dated_and_kept_with_what_was_read(world: World) -> None:
    sari = world.joins(1001, "Sari")

    def says(wants: bool, read: str) -> Person:
        return world.do(lambda s: announcing.allow(s, owner=sari, wants=wants, text_hash=read, now=world.now))

    begun, allowed = world.now, says(True, "a")
    world.now += timedelta(days=1)
    says(True, "b")
    first = world.do(lambda s: wishes.owned(s, sari.id))
    ended = says(False, "c")

    assert (allowed.wants_news, ended.wants_news) == (True, False)
    assert first == {Wish.NEWS: Said(Wish.NEWS, True, decided_at=begun, text_hash="a")}
    assert world.do(lambda s: wishes.owned(s, sari.id)) == {
        Wish.NEWS: Said(Wish.NEWS, False, decided_at=world.now, text_hash="c")
    }
